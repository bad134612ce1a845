import { describe, expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import type { ArchiverOptions, Codec, ImportSource, Ports } from "../../src/index.js";
import { jsonl, readText, type World, world } from "../support.js";
import { sourceOf, streamOf } from "./sources.js";

const MIB = 1024 * 1024;
const FIRST = jsonl(9000, 1);
const MORE = `{"timestamp":"2026-11-20T00:00:00.000Z"}\n`;
/** Another byte where no window looks. */
const CHANGED = `${FIRST.slice(0, 700_000)}${FIRST[700_000] === "x" ? "y" : "x"}${FIRST.slice(700_001)}`;

/** What the session was imported from, as it is now; `undefined`: gone. */
interface Origin {
  source: ImportSource | undefined;
  opened: number;
}

async function imported(
  state: "live" | "archived",
  options: Partial<ArchiverOptions> = {},
): Promise<World & { origin: Origin }> {
  const origin: Origin = { source: sourceOf(FIRST), opened: 0 };
  const openSource = async (): Promise<ImportSource | undefined> => {
    origin.opened++;
    return origin.source;
  };
  const w = world({ openSource, ...options });
  await w.archiver.import("s", sourceOf(FIRST));
  if (state === "archived") await w.archiver.archive("s");
  return Object.assign(w, { origin });
}

async function unproven({ ports }: World): Promise<unknown> {
  return (await ports.objects.get("s"))?.meta[KEY.unproven];
}

describe.each(["live", "archived"] as const)("a source that has grown, of a session that is %s,", (state) => {
  test("is not read between its windows; the archive then compares all of it", async () => {
    const w = await imported(state);
    const grown = sourceOf(FIRST + MORE);
    const done = await w.archiver.import("s", grown);
    expect(done).toEqual({
      id: "s",
      outcome: "appended",
      rawBytes: FIRST.length + MORE.length,
      addedBytes: MORE.length,
    });
    expect(grown.bytesRead()).toBe(2 * 65536 + MORE.length);
    expect(await unproven(w)).toBe(FIRST.length);
    expect(await w.archiver.info("s")).toMatchObject({
      lineCount: 9001,
      lastActivityMs: Date.parse("2026-11-20T00:00:00.000Z"),
      meta: { [KEY.startedAt]: expect.any(Number) },
    });
    const opened = sourceOf(FIRST + MORE);
    w.origin.source = opened;
    await w.archiver.archive("s");
    expect(opened.bytesRead()).toBeGreaterThanOrEqual(FIRST.length);
    expect(await unproven(w)).toBeUndefined();
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(FIRST + MORE);
  });

  test("and was rewritten between its windows: the archive says so, and the next import keeps both", async () => {
    const w = await imported(state);
    w.origin.source = sourceOf(CHANGED + MORE);
    expect(await w.archiver.import("s", w.origin.source)).toMatchObject({ outcome: "appended" });
    for (let i = 0; i < 2; i++) {
      const refused = expect(w.archiver.archive("s")).rejects;
      await refused.toMatchObject({ code: "CONFLICT", message: expect.stringContaining("import it again") });
      expect(await unproven(w)).toBe(FIRST.length);
    }
    w.now += 400 * 24 * 60 * 60 * 1000;
    expect(await w.archiver.sweep()).toMatchObject({ failures: [{ id: "s", code: "CONFLICT" }] });
    expect(await w.archiver.import("s", w.origin.source)).toMatchObject({ outcome: "replaced" });
    expect(await readText(w, "s")).toBe(CHANGED + MORE);
    expect(await unproven(w)).toBeUndefined();
    expect(await w.archiver.info("s")).toMatchObject({ versions: [{ rawBytes: FIRST.length + MORE.length }] });
    await w.archiver.archive("s");
    await w.archiver.verify("s");
  });

  test("is compared in whole by the next import, which takes the mark away", async () => {
    const w = await imported(state);
    await w.archiver.import("s", sourceOf(FIRST + MORE));
    const next = sourceOf(FIRST + MORE + MORE);
    expect(await w.archiver.import("s", next)).toMatchObject({ outcome: "appended" });
    expect(next.bytesRead()).toBeGreaterThanOrEqual(next.size);
    expect(await unproven(w)).toBeUndefined();
  });

  test("is compared in whole, or archived unproven, where it is gone", async () => {
    for (const gone of [async () => undefined, async () => Promise.reject({ code: "NOT_FOUND" })]) {
      const w = await imported(state, { openSource: gone });
      await w.archiver.import("s", sourceOf(FIRST + MORE));
      expect(await w.archiver.archive("s")).toMatchObject({ outcome: "archived" });
      expect(await unproven(w)).toBe(FIRST.length);
      await w.archiver.verify("s");
      expect(await readText(w, "s")).toBe(FIRST + MORE);
    }
  });

  test("whose windows differ is compared in whole", async () => {
    for (const text of [`X${FIRST.slice(1)}${MORE}`, `${FIRST.slice(0, -5)}X${FIRST.slice(-4)}${MORE}`]) {
      const w = await imported(state);
      expect(await w.archiver.import("s", sourceOf(text))).toMatchObject({ outcome: "replaced" });
      expect(await readText(w, "s")).toBe(text);
    }
  });

  test("is restored without a look at the source", async () => {
    const w = await imported(state);
    w.origin.source = sourceOf(CHANGED);
    await w.archiver.import("s", sourceOf(FIRST + MORE));
    if (state === "archived") await w.archiver.restore("s");
    expect(w.origin.opened).toBe(0);
    expect(await unproven(w)).toBe(FIRST.length);
    expect(await readText(w, "s")).toBe(FIRST + MORE);
  });
});

describe("all of a source is compared", () => {
  const grown = FIRST + MORE;
  test.each([
    ["where nothing opens it again", { openSource: undefined }, sourceOf(grown)],
    ["where it has no version", {}, sourceOf(grown, { version: undefined })],
    ["where it is another one", {}, sourceOf(grown, { identity: "other" })],
  ])("%s", async (_, options, source) => {
    const w = await imported("live", options);
    await w.archiver.import("s", source);
    expect(source.bytesRead()).toBeGreaterThanOrEqual(source.size);
    expect(await unproven(w)).toBeUndefined();
  });

  test("where it is a stream, or somebody else has written to the session", async () => {
    const w = await imported("live");
    await w.archiver.import("s", streamOf(grown));
    expect(await unproven(w)).toBeUndefined();
    const recorder = w.archiver.recorder("s");
    await recorder.append(MORE);
    await recorder.close();
    const source = sourceOf(FIRST + MORE + MORE + MORE);
    await w.archiver.import("s", source);
    expect(source.bytesRead()).toBeGreaterThanOrEqual(source.size);
  });
});

test("what openSource gives is checked, and its failures are passed on", async () => {
  for (const [openSource, code] of [
    [async () => ({ size: -1 }), "INVALID_ARGUMENT"],
    [async () => Promise.reject({ code: "UNAVAILABLE" }), "UNAVAILABLE"],
  ] as const) {
    const w = await imported("live", { openSource: openSource as never });
    await w.archiver.import("s", sourceOf(FIRST + MORE));
    await expect(w.archiver.archive("s")).rejects.toMatchObject({ code });
    expect(await readText(w, "s")).toBe(FIRST + MORE);
  }
});

test("a mark is there before the first byte", async () => {
  const w = await imported("live");
  w.ports.blobs.append = async () => Promise.reject(new Error("down"));
  await expect(w.archiver.import("s", sourceOf(FIRST + MORE))).rejects.toThrow("down");
  expect(await unproven(w)).toBe(FIRST.length);
});

describe("one new line", () => {
  /** Compresses nothing: of an archive as much is read as there can be. */
  const stored: Codec = {
    concurrency: 1,
    deflate(raw) {
      const blocks = [];
      for (let at = 0; at <= raw.length; at += 65535) {
        const piece = raw.subarray(at, at + 65535);
        const [low, high] = [piece.length & 255, piece.length >> 8];
        blocks.push(Uint8Array.of(0, low, high, ~low & 255, ~high & 255), piece);
      }
      blocks.push(Uint8Array.of(0, 0, 0, 255, 255));
      return new Uint8Array(Buffer.concat(blocks));
    },
    inflate(deflated) {
      const pieces = [];
      for (let at = 0; ; ) {
        const length = (deflated[at + 1] ?? 0) | ((deflated[at + 2] ?? 0) << 8);
        pieces.push(deflated.subarray(at + 5, at + 5 + length));
        if (deflated[at] === 1) return new Uint8Array(Buffer.concat(pieces));
        at += 5 + length;
      }
    },
  };

  /** A source of so many lines of 1,000 bytes, made as they are read. */
  function linesSource(count: number): ImportSource & { bytesRead(): number } {
    let read = 0;
    const line = (i: number): string => {
      const head = `{"timestamp":"${new Date(Date.UTC(2026, 9, 1) + i * 1000).toISOString()}","n":"`;
      return `${head}${"x".repeat(997 - head.length)}"}\n`;
    };
    return {
      size: count * 1000,
      version: String(count),
      async *read({ start, end }) {
        for (let at = start; at < end; ) {
          const i = Math.floor(at / 1000);
          const lines = Array.from({ length: Math.min(500, count - i) }, (_, more) => line(i + more)).join("");
          const chunk = Buffer.from(lines).subarray(at - i * 1000, end - i * 1000);
          read += chunk.length;
          at += chunk.length;
          yield new Uint8Array(chunk);
        }
      },
      bytesRead: () => read,
    };
  }

  function countReads(ports: Ports): () => number {
    let bytes = 0;
    for (const port of [ports.blobs, ports.archives]) {
      const { read } = port;
      port.read = async function* (...args: Parameters<typeof read>) {
        for await (const chunk of (read as (...given: unknown[]) => AsyncIterable<Uint8Array>)(...args)) {
          bytes += chunk.length;
          yield chunk;
        }
      } as never;
    }
    return () => bytes;
  }

  test("on an archived session of 140 MB reads at most 4 MiB of source and store", async () => {
    const w = world({ codec: stored, openSource: async () => linesSource(140_001) });
    const read = countReads(w.ports);
    await w.archiver.import("s", linesSource(140_000));
    await w.archiver.archive("s");
    const before = read();
    const grown = linesSource(140_001);
    expect(await w.archiver.import("s", grown)).toMatchObject({ outcome: "appended", addedBytes: 1000 });
    const total = read() - before + grown.bytesRead();
    console.log(`[import] one new line on 140 MB: ${total} bytes read, ${grown.bytesRead()} of them of the source`);
    expect(total).toBeLessThanOrEqual(4 * MIB);
    expect(await w.archiver.info("s")).toMatchObject({ lineCount: 140_001, rawBytes: 140_001_000 });
  });
});
