/** Checks the page on the archive format: core makes its example, and its Python code reads core's archives. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Archiver, bytesOf, createArchiver, memoryPorts, type Ports, toBytes } from "@session-archiver/core";
import { memoryArchives } from "@session-archiver/core/adapter";
import { decodeManifest, type Manifest } from "@session-archiver/core/format";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { extractSnippets } from "../src/snippets.js";
import { readDocument } from "./repository.js";

// The example has two segments, although they are small.
vi.mock("../../packages/core/src/format/continued.js", () => import("../../packages/core/test/format/as-before.js"));

const page = readDocument("docs/archive-format.md");
const MARKER = Buffer.from("500000ffffa80000ffff", "hex");

/** An archiver in memory that makes the same archives every time. */
function world(inlineManifestBytes = 0): { ports: Ports; archiver: Archiver } {
  const now = (): number => Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  let ids = 0;
  const randomId = (): string => (++ids).toString(16).padStart(16, "0");
  const ports = { ...memoryPorts(), archives: memoryArchives(now) };
  return { ports, archiver: createArchiver({ ...ports, now, randomId, policy: { inlineManifestBytes } }) };
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0, state = size; at < size; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** The bytes of a dump. Each line has an offset, bytes, and perhaps a remark. */
function parseDump(dump: string): Buffer {
  const pieces: string[] = [];
  for (const line of dump.trim().split("\n")) {
    const [, offset = "", bytes = ""] = /^([0-9a-f]{4}) {2}((?:[0-9a-f]{2} ?)+)(?: {2}.*)?$/.exec(line) ?? [];
    expect(Number.parseInt(offset, 16), `the offset of "${line}"`).toBe(pieces.length);
    pieces.push(...bytes.trim().split(" "));
  }
  return Buffer.from(pieces.join(""), "hex");
}

describe("the worked example", () => {
  const files = new Map<string, Buffer>();

  beforeAll(async () => {
    const { ports, archiver } = world();
    await ports.objects.put("demo", { view: "agent", title: "Demo" }, null);
    const first = '{"type":"user","timestamp":"2026-01-02T03:04:00Z","text":"hi"}\n{"type":"agent","text":"hi"}\n';
    await ports.blobs.create({ id: "demo", name: "output" }, "live-1", bytesOf(encode(first)));
    await archiver.archive("demo");
    await archiver.recorder("demo").append('{"type":"user","text":"bye"}\n');
    await archiver.archive("demo");
    for await (const { key } of ports.archives.list())
      files.set(key, Buffer.from(await toBytes(ports.archives.read(key))));
  });

  const fileNamed = (ending: string, which: number): Buffer =>
    [...files].filter(([key]) => key.endsWith(ending))[which]?.[1] ?? Buffer.of();

  test("the dump shows the second archive's file", () => {
    const [dump] = extractSnippets(page, "hexdump");
    expect(parseDump(dump?.code ?? "").toString("hex")).toBe(fileNamed(".jsonl.gz", 1).toString("hex"));
  });

  test("the manifest is the first archive's", () => {
    const [, manifest = ""] = /```json manifest\n([\s\S]*?)```/.exec(page) ?? [];
    expect(JSON.stringify(JSON.parse(manifest))).toBe(JSON.stringify(JSON.parse(fileNamed(".json", 0).toString())));
  });

  test("the text describes the first file correctly", () => {
    const [first, second] = [fileNamed(".jsonl.gz", 0), fileNamed(".jsonl.gz", 1)];
    expect(page).toContain(`has ${second.length} bytes`);
    expect(page).toContain(`the same first ${first.length - 10} bytes`);
    expect(first.subarray(0, -10)).toEqual(second.subarray(0, first.length - 10));
    const trailer = [...first.subarray(-10)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    expect(page).toContain(`\`${trailer}\``);
  });
});

function hasPython(): boolean {
  try {
    execFileSync("python3", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasPython())("the readers in Python (skipped where there is no python3)", () => {
  const directory = mkdtempSync(join(tmpdir(), "session-archiver-format-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const raw = new Map<string, Buffer>();
  let manifest: Manifest;

  const python = (script: string, ...args: string[]): Buffer =>
    execFileSync("python3", [join(directory, script), ...args], {
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "pipe"],
    });
  const entry = (name: string): Manifest["files"][number] => {
    const found = manifest.files.find((file) => file.name === name);
    if (!found) throw new Error(`The manifest has no "${name}".`);
    return found;
  };
  const path = (key: string): string => join(directory, key.replaceAll("/", "_"));
  /** The archive files that it lies in. */
  const paths = (name: string): readonly string[] => (entry(name).parts ?? [entry(name)]).map(({ key }) => path(key));
  const range = (name: string, start: number, end: number): Buffer =>
    python("read_range.py", path("manifest.json"), name, String(start), String(end), ...paths(name));

  beforeAll(async () => {
    for (const { code, file } of extractSnippets(page, "python")) writeFileSync(path(file ?? ""), code);
    const { ports, archiver } = world();
    const line = (n: number): string =>
      `${JSON.stringify({ n, text: "word ".repeat(n % 50), random: (n * 7919) % 9973 })}\n`;
    const output = Array.from({ length: 20_000 }, (_, n) => line(n)).join("") + "x".repeat(2.5 * 1024 * 1024);
    await ports.objects.put("s", { view: "agent" }, null);
    await ports.blobs.create({ id: "s", name: "output" }, "1", bytesOf(encode(output)));
    await ports.blobs.create({ id: "s", name: "empty" }, "1", bytesOf());
    await archiver.archive("s");
    const appended = `, the end of a long line\n${line(1).repeat(2000)}`;
    await archiver.recorder("s").append(appended);
    // A sidecar that can't be compressed and holds markers: they appear in the file unchanged, but end no segment.
    const sidecar = Buffer.concat([noise(100_000), MARKER, noise(1_200_000), MARKER, MARKER]);
    await ports.blobs.create({ id: "s", name: "times" }, "1", bytesOf(sidecar));
    await archiver.archive("s");
    raw
      .set("output", Buffer.from(output + appended))
      .set("empty", Buffer.of())
      .set("times", sidecar);

    const key = String((await archiver.info("s")).meta["session:archive_manifest"]);
    const bytes = await toBytes(ports.archives.read(key));
    manifest = decodeManifest(bytes, key);
    writeFileSync(path("manifest.json"), bytes);
    for (const { key: sinkKey } of manifest.files.flatMap((file) => file.parts ?? [file]))
      writeFileSync(path(sinkKey), await toBytes(ports.archives.read(sinkKey)));
    expect(paths("output").length).toBeGreaterThan(1);
  });

  test.each(["output", "empty", "times"])("read_all.py reads %s", (name) => {
    expect(python("read_all.py", ...paths(name)).equals(raw.get(name) ?? Buffer.of())).toBe(true);
  });

  test.each(["output", "times"])("read_range.py reads ranges of %s, within and across segments", (name) => {
    const { rawBytes, segments } = entry(name);
    const second = segments[1]?.rawOffset ?? 0;
    const ranges: readonly (readonly [number, number])[] = [
      [0, 1],
      [0, rawBytes],
      [second - 1, second + 1],
      [second, second],
      [100, rawBytes - 100],
      [rawBytes - 1, rawBytes + 5],
    ];
    for (const [start, end] of ranges) {
      expect(
        range(name, start, end).equals(raw.get(name)?.subarray(start, end) ?? Buffer.of()),
        `${start}-${end}`,
      ).toBe(true);
    }
  });

  test.each(["output", "empty", "times"])("scan.py finds the segments of %s", (name) => {
    const { segments, parts = [entry(name)] } = entry(name);
    let before = 0;
    const found: string[] = [];
    for (const { key, archiveBytes } of parts) {
      for (const row of python("scan.py", path(key)).toString().split("\n").filter(Boolean)) {
        const [offset, ...rest] = row.split(" ");
        found.push([Number(offset) + before, ...rest].join(" "));
      }
      before += archiveBytes;
    }
    expect(found).toEqual(
      segments.map(({ archiveOffset, archiveSize, rawSize, crc32 }) =>
        [archiveOffset, archiveSize, rawSize, crc32].join(" "),
      ),
    );
  });

  test("they all read an archive with an inline manifest", async () => {
    const { ports, archiver } = world(64 * 1024);
    const output = '{"n":1}\n{"n":2}\n'.repeat(100);
    await ports.objects.put("s", { view: "agent" }, null);
    await ports.blobs.create({ id: "s", name: "output" }, "1", bytesOf(encode(output)));
    await archiver.archive("s");
    const keys: string[] = [];
    for await (const { key } of ports.archives.list()) keys.push(key);
    const [key = ""] = keys;
    expect([keys.length, key.endsWith(".jsonl.gz")]).toEqual([1, true]);
    writeFileSync(path("short.gz"), await toBytes(ports.archives.read(key)));
    const text = python("inline.py", path("short.gz"));
    const short = decodeManifest(text, key);
    expect(short.files).toMatchObject([{ name: "output", key, rawBytes: output.length }]);
    writeFileSync(path("short.json"), text);
    expect(python("read_all.py", path("short.gz")).toString()).toBe(output);
    const part = python("read_range.py", path("short.json"), "output", "5", "21", path("short.gz"));
    expect(part.toString()).toBe(output.slice(5, 21));
    const [{ archiveOffset = 0, archiveSize = 0, rawSize = 0, crc32 = 0 } = {}] = short.files[0]?.segments ?? [];
    expect(python("scan.py", path("short.gz")).toString()).toBe(
      `${archiveOffset} ${archiveSize} ${rawSize} ${crc32}\n`,
    );
  });

  test("the sidecar has bytes that only look like a segment's end", () => {
    const { key, segments } = entry("times");
    const stored = readFileSync(path(key));
    let markers = 0;
    for (let at = stored.indexOf(MARKER); at !== -1; at = stored.indexOf(MARKER, at + 1)) markers++;
    expect(markers).toBeGreaterThan(segments.length);
  });

  test("only a damaged segment is refused", () => {
    // In a sidecar that can't be compressed a wrong byte is still valid deflate data: only the CRC detects it.
    const { key, segments } = entry("times");
    const stored = readFileSync(path(key));
    const [first, second] = segments;
    if (!first || !second) throw new Error("The sidecar has too few segments.");
    stored[first.archiveOffset + 1000] = (stored[first.archiveOffset + 1000] ?? 0) ^ 1;
    writeFileSync(path("damaged.gz"), stored);
    const damaged = (start: number, end: number): Buffer =>
      python("read_range.py", path("manifest.json"), "times", String(start), String(end), path("damaged.gz"));
    expect(() => damaged(0, 1)).toThrow(/is damaged/);
    expect(damaged(second.rawOffset, second.rawOffset + 9).length).toBe(9);
    expect(() => python("scan.py", path("damaged.gz"))).toThrow(/cut, damaged/);
  });

  test("a file that is cut or goes on after its end is refused", () => {
    const stored = readFileSync(path(entry("output").key));
    writeFileSync(path("cut.gz"), stored.subarray(0, -1));
    writeFileSync(path("longer.gz"), Buffer.concat([stored, Buffer.of(0)]));
    for (const file of ["cut.gz", "longer.gz"]) expect(() => python("scan.py", path(file))).toThrow(/cut, damaged/);
  });
});
