/** A cursor against an array of lines, while the session is archived, restored and written to under it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bytesOf,
  type Cursor,
  type CursorLine,
  type CursorStart,
  createArchiver,
  openCursor,
  type SessionFile,
} from "../src/index.js";
import { sessionBytes } from "../src/session-bytes.js";
import { countingCodec, encode, jsonl, linesOf, loseManifests, makeSession, type World, world } from "./support.js";

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const output = fc.string({ unit: fc.constantFrom("a", "\n", "\r\n", "{}", "é"), maxLength: 120 });

/** What may happen to a session under a reader: its bytes so far stay what they are. */
const CHANGES: Record<string, (w: World) => Promise<unknown>> = {
  archive: (w) => w.archiver.archive("s"),
  restore: async (w) => (await w.archiver.info("s")).state !== "live" && (await w.archiver.restore("s")),
  append: (w) => w.archiver.recorder("s").append("more\nand more"),
  "lose the manifest": loseManifests,
  collect: async (w) => {
    w.now += 30 * 24 * 60 * 60 * 1000;
    await w.archiver.collect({ graceDays: 0 });
  },
};

type Step = { readonly next: number } | { readonly previous: number } | { readonly change: string };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ next: fc.nat(6) }),
  fc.record({ previous: fc.nat(6) }),
  fc.record({ change: fc.constantFrom(...Object.keys(CHANGES)) }),
);
const place = fc.oneof(
  fc.constantFrom("start" as const, "end" as const),
  fc.record({ line: fc.nat(30) }),
  fc.record({ offset: fc.nat(150) }),
);

/** All lines with their places, as they should come. */
function model(text: string): CursorLine[] {
  let offset = 0;
  return linesOf(text).map((line, i) => {
    const bytes = encode(line);
    offset += bytes.length;
    return { offset: offset - bytes.length, line: i, bytes };
  });
}

function indexAt(all: readonly CursorLine[], at: CursorStart): number {
  if (at === "start") return 0;
  if (at === "end") return all.length;
  if ("line" in at) return Math.min(at.line, all.length);
  const found = all.findIndex(({ offset, bytes }) => at.offset < offset + bytes.length);
  return found === -1 ? all.length : found;
}

const shown = (lines: readonly CursorLine[]) => lines.map(({ offset, bytes }) => [offset, decode(bytes)]);

function expectPage(page: readonly CursorLine[], wanted: readonly CursorLine[]): void {
  expect(shown(page)).toEqual(shown(wanted));
  for (const [i, { line }] of page.entries()) if (line !== undefined) expect(line).toBe(wanted[i]?.line);
}

test("gives the lines before and after its place, whatever happens under it", async () => {
  await fc.assert(
    fc.asyncProperty(output, output, place, fc.array(step, { maxLength: 14 }), async (first, rest, at, steps) => {
      const w = world();
      await makeSession(w, "s", "");
      if (first !== "") await w.archiver.recorder("s").append(first);
      await w.archiver.archive("s");
      if (rest !== "") await w.archiver.recorder("s").append(rest);
      const all = model(first + rest);
      const file = await createArchiver({ ...w.ports, now: () => w.now }).open("s");
      const cursor = await openCursor(file, at);
      expect(file.size).toBe(encode(first + rest).length);
      let index = indexAt(all, at);
      for (const one of steps) {
        expect(cursor.offset).toBe(all[index]?.offset ?? file.size);
        if ("change" in one) {
          await CHANGES[one.change]?.(w);
        } else if ("next" in one) {
          expectPage(await cursor.next(one.next), all.slice(index, index + one.next));
          index = Math.min(all.length, index + one.next);
        } else {
          const from = Math.max(0, index - one.previous);
          expectPage(await cursor.previous(one.previous), all.slice(from, index));
          index = from;
        }
      }
    }),
    { numRuns: 300 },
  );
});

async function* pages(cursor: Cursor, way: "next" | "previous", count: number): AsyncGenerator<readonly CursorLine[]> {
  for (let page = await cursor[way](count); page.length > 0; page = await cursor[way](count)) yield page;
}

describe("a session of 100,000 lines", () => {
  const text = jsonl(100_000);
  const all = model(text);
  const numbers = all.map(({ line }) => line);

  test.each(["live", "archived", "resumed", "without its manifest"])(
    "that is %s is paged from end to start and back, each segment inflated once a way",
    async (state) => {
      const w = world();
      const counts = countingCodec();
      const half = all[50_000]?.offset ?? 0;
      const bytes = encode(text);
      await makeSession(w, "s", state === "resumed" ? bytes.subarray(0, half) : bytes);
      const options = { ...w.ports, now: () => w.now, codec: counts.codec };
      const archiver = createArchiver(options);
      if (state !== "live") await archiver.archive("s");
      if (state === "resumed") await archiver.recorder("s").append(bytes.subarray(half));
      if (state === "without its manifest") await loseManifests(w);
      const fresh = createArchiver(options);
      counts.inflated = 0;
      const cursor = await openCursor(await fresh.open("s"), "end");
      const back: CursorLine[][] = [];
      for await (const page of pages(cursor, "previous", 170)) back.push([...page]);
      const lines = back.reverse().flat();
      expect(Buffer.concat(lines.map((line) => line.bytes)).equals(bytes)).toBe(true);
      expect(lines.map(({ offset }) => offset)).toEqual(all.map(({ offset }) => offset));
      if (state === "archived") expect(lines.map(({ line }) => line)).toEqual(numbers);
      expect(counts.inflated).toBeLessThanOrEqual(counts.deflated + 1);
      counts.inflated = 0;
      let at = 0;
      for await (const page of pages(cursor, "next", 999)) {
        for (const line of page) if (line.offset !== all[at++]?.offset) throw new Error(`line ${at} is somewhere else`);
      }
      expect(at).toBe(100_000);
      expect(counts.inflated).toBeLessThanOrEqual(counts.deflated + 1);
    },
  );

  test("starts at a line or a byte, at the cost of a segment or two", async () => {
    const w = world();
    const counts = countingCodec();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    const archiver = createArchiver({ ...w.ports, codec: counts.codec });
    for (const line of [0, 1, 49_999, 99_999]) {
      counts.inflated = 0;
      const cursor = await openCursor(await archiver.open("s"), { line });
      expect(await cursor.next(1)).toEqual([all[line]]);
      const { offset } = await openCursor(await archiver.open("s"), { offset: (all[line]?.offset ?? 0) + 5 });
      expect(offset).toBe(all[line]?.offset);
      expect(counts.inflated).toBeLessThanOrEqual(4);
    }
    expect((await openCursor(await archiver.open("s"), { line: 100_000 })).offset).toBe(encode(text).length);
  });
});

test("the lines of a live session have numbers as far as the recorder has counted", async () => {
  const w = world();
  await using recorder = w.archiver.recorder("s", { create: {} });
  await recorder.append("x".repeat(3_000_000));
  await recorder.append("\n\nthird\nfourth");
  await recorder.flush();
  const last = async () => (await openCursor(await w.archiver.open("s"), "end")).previous(2);
  expect(await last()).toMatchObject([{ line: 2 }, { line: 3 }]);
  await recorder.append(" goes on\nfifth\n"); // not counted yet, but near
  expect(await last()).toMatchObject([{ line: 3 }, { line: 4 }]);
});

test("calls that overlap take turns, and one that fails moves nothing", async () => {
  const w = world();
  await makeSession(w, "s", "0\n1\n2\n3\n4\n5\n");
  const cursor = await openCursor(await w.archiver.open("s"));
  const bad = cursor.next(-1);
  const [a, b, c] = await Promise.all([cursor.next(2), cursor.next(2), cursor.previous(1)]);
  expect([a, b, c].map((page) => page.map(({ bytes }) => decode(bytes)).join(""))).toEqual(["0\n1\n", "2\n3\n", "3\n"]);
  await expect(bad).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  for (const at of [{ line: -1 }, { offset: 0.5 }]) {
    await expect(openCursor(await w.archiver.open("s"), at)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  }
  await expect(w.archiver.open("unknown")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("pages are the caller's own: changing one changes no other", async () => {
  const w = world();
  await makeSession(w, "s", "0\n1\n2\n");
  await w.archiver.archive("s");
  const cursor = await openCursor(await w.archiver.open("s"));
  for (const { bytes } of await cursor.next(3)) bytes.fill(0);
  expect((await cursor.previous(3)).map(({ bytes }) => decode(bytes))).toEqual(["0\n", "1\n", "2\n"]);
});

test("a store that gives fewer bytes than it has is an error, not a search without end", async () => {
  const file: SessionFile = {
    size: 10,
    counted: undefined,
    read: () => sessionBytes(() => bytesOf(encode("abc"))),
    blockAt: async () => ({ start: 0, end: 10 }),
    seekLines: async () => ({ start: 0, end: 10, line: 0 }),
  };
  const cursor = await openCursor(file);
  await expect(cursor.next(2)).rejects.toMatchObject({ code: "CORRUPT" });
});
