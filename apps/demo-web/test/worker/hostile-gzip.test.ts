/** `.jsonl.gz` files that other programs have made: read rightly, or refused in plain words with nothing kept. */
import { execFileSync, spawnSync } from "node:child_process";
import { gzipSync as zlibGzip } from "node:zlib";
import { createArchiver, type Ports, toBytes } from "@session-archiver/core";
import { crc32 } from "@session-archiver/core/format";
import { gzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { fileOf, userLine, utf8 } from "./support/files.ts";
import { openService } from "./support/service.ts";

const RAW = utf8(userLine("Fix the login bug", "2026-04-01T10:00:00.000Z").repeat(3000));

/** A gzip member with every optional field of RFC 1952 that `flags` asks for; bgzip's differ in nothing else. */
function member(
  raw: Uint8Array,
  flags: { readonly extra?: Uint8Array; readonly name?: string; readonly comment?: string; readonly checked?: boolean },
): Uint8Array {
  const plain = zlibGzip(raw);
  const { extra, name, comment, checked } = flags;
  const bits = (checked ? 2 : 0) | (extra ? 4 : 0) | (name === undefined ? 0 : 8) | (comment === undefined ? 0 : 16);
  const size = extra ? [Uint8Array.of(extra.length & 0xff, extra.length >> 8), extra] : [];
  const text = [name, comment].flatMap((field) => (field === undefined ? [] : [utf8(`${field}\0`)]));
  const header = Buffer.concat([Uint8Array.of(0x1f, 0x8b, 8, bits, 1, 2, 3, 4, 0, 3), ...size, ...text]);
  const sum = crc32(header) & 0xffff;
  return Buffer.concat([header, ...(checked ? [Uint8Array.of(sum & 0xff, sum >> 8)] : []), plain.subarray(10)]);
}

const BGZIP_EXTRA = Uint8Array.of(0x42, 0x43, 2, 0, 0x1b, 0);

/** What a program makes of the bytes; nothing if it isn't installed. */
function madeBy(program: string, ...args: readonly string[]): [string, Uint8Array][] {
  if (spawnSync(program, ["--version"]).status !== 0) {
    console.warn(`${program} is not installed: its files are not tried`);
    return [];
  }
  return [[[program, ...args].join(" "), execFileSync(program, args, { input: RAW, maxBuffer: 1 << 26 })]];
}

const PYTHON =
  "import gzip,sys; f=gzip.GzipFile('a name.jsonl','wb',9,sys.stdout.buffer,5); f.write(sys.stdin.buffer.read()); f.close()";

const GOOD: readonly (readonly [string, Uint8Array])[] = [
  ...["-1", "-6", "-9", "-n6"].flatMap((level) => madeBy("gzip", level, "-c")),
  ...[["-p2"], ["-p2", "-i", "-b", "32"], ["-11", "-I", "1"]].flatMap((args) => madeBy("pigz", ...args, "-c")),
  ...madeBy("zstd", "--format=gzip", "-c"),
  ...madeBy("python3", "-c", PYTHON),
  ["zlib, no compression", zlibGzip(RAW, { level: 0 })],
  ["zlib, fixed codes", zlibGzip(RAW, { strategy: 4 })],
  ["zlib, one code", zlibGzip(RAW, { strategy: 2 })],
  ["fflate, level 9", gzipSync(RAW, { level: 9, mem: 12, filename: "ä.jsonl", mtime: 1 })],
  ["a name", member(RAW, { name: "../../etc/passwd" })],
  ["a comment", member(RAW, { comment: "c".repeat(1000) })],
  ["extra fields, as bgzip's", member(RAW, { extra: BGZIP_EXTRA })],
  ["64 KiB of extra fields", member(RAW, { extra: new Uint8Array(65_535) })],
  ["a checked header", member(RAW, { checked: true, name: "n", comment: "c", extra: BGZIP_EXTRA })],
];

const bad = (at: (bytes: Uint8Array) => number): Uint8Array =>
  zlibGzip(RAW).map((byte, i, all) => (i === at(all) ? byte ^ 1 : byte));

const BAD: readonly (readonly [string, Uint8Array])[] = [
  ["several members", Buffer.concat([zlibGzip(RAW), zlibGzip(RAW)])],
  [
    "bgzip's blocks",
    Buffer.concat([
      member(RAW.subarray(0, 60_000), { extra: BGZIP_EXTRA }),
      member(new Uint8Array(), { extra: BGZIP_EXTRA }),
    ]),
  ],
  ["an empty member behind", Buffer.concat([zlibGzip(RAW), zlibGzip("")])],
  ["zeros behind", Buffer.concat([zlibGzip(RAW), new Uint8Array(512)])],
  ["text behind", Buffer.concat([zlibGzip(RAW), utf8("more\n")])],
  ["a wrong CRC", bad((all) => all.length - 8)],
  ["a wrong length", bad((all) => all.length - 1)],
  ["another method", bad(() => 2)],
  ["half a header", zlibGzip(RAW).subarray(0, 5)],
  ["a header and no more", zlibGzip(RAW).subarray(0, 10)],
  ["zstd's format", Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0, 1, 0, 0)],
];

async function leftBehind(ports: Ports, id: string): Promise<number> {
  let count = (await ports.objects.get(id)) ? 1 : 0;
  for await (const _ of ports.blobs.list(id)) count++;
  return count;
}

describe("one member, whatever is in its header", () => {
  test.each(GOOD)("%s", async (_, bytes) => {
    const { api, ports } = await openService();
    expect(await api.importFiles([fileOf("s.jsonl.gz", bytes)])).toMatchObject({
      imported: [{ id: "s" }],
      failures: [],
    });
    expect(Buffer.compare(await toBytes(createArchiver(ports).read("s")), RAW)).toBe(0);
  });
});

describe("anything else", () => {
  test.each(BAD)("%s", async (_, bytes) => {
    const { api, ports } = await openService();
    const { failures, imported } = await api.importFiles([fileOf("s.jsonl.gz", bytes)]);
    expect([failures, imported]).toMatchObject([[{ name: "s.jsonl.gz", code: "CORRUPT" }], []]);
    expect(failures[0]?.message).toContain("Unpack it and import the .jsonl instead");
    expect(await leftBehind(ports, "s")).toBe(0);
  });

  test("an empty file is none, and one of nothing is an empty session", async () => {
    const { api, ports } = await openService();
    expect((await api.importFiles([fileOf("s.jsonl.gz", new Uint8Array())])).failures).toMatchObject([
      { code: "CORRUPT" },
    ]);
    expect((await api.importFiles([fileOf("e.jsonl.gz", zlibGzip(""))])).imported).toMatchObject([{ id: "e" }]);
    expect((await toBytes(createArchiver(ports).read("e"))).length).toBe(0);
  });

  test("a bomb that is cut off leaves nothing behind", async () => {
    const { api, ports } = await openService();
    const zeros = 64 * 1024 * 1024;
    const bomb = zlibGzip(new Uint8Array(zeros), { level: 9 });
    // Cut off, so that nothing of it may be kept.
    expect((await api.importFiles([fileOf("s.jsonl.gz", bomb.subarray(0, -4))])).failures).toMatchObject([
      { code: "CORRUPT" },
    ]);
    expect(await leftBehind(ports, "s")).toBe(0);
  });
});
