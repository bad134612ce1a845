/** Numbered lines against an array of lines, while the session is archived, restored and written to under the reader. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf, createArchiver, type SessionLine } from "../../../src/index.js";
import { pagesOf } from "../../../src/read/pages.js";
import { sessionBytes } from "../../../src/read/session-bytes.js";
import { runs } from "../../fuzz.js";
import { DAY, encode, jsonl, loseManifests, makeSession, shareBuffers, type World, world } from "../../support.js";
import { append, model } from "./support.js";

const output = fc.oneof(
  fc.constantFrom("\n", "\n\n\r\n", "half a line", "\ufeff{}\n", "ends\r\n", "\r", '{"a":1}\n'),
  fc.string({ unit: "grapheme", maxLength: 30 }).map((text) => `${text}\n`),
  fc.uint8Array({ minLength: 1, maxLength: 20 }),
);

/** What may happen to a session under a reader: its bytes so far stay what they are. */
const CHANGES = {
  archive: (w: World) => w.archiver.archive("s"),
  restore: async (w: World) => (await w.archiver.info("s")).state !== "live" && (await w.archiver.restore("s")),
  "lose the manifest": loseManifests,
  collect: async (w: World) => {
    w.now += 30 * DAY;
    await w.archiver.gc({ graceDays: 0 });
  },
} as const;

const step = fc.oneof(
  fc.record({ type: fc.constant("append" as const), output }),
  fc.record({ type: fc.constant("change" as const), change: fc.constantFrom(...Object.keys(CHANGES)) }),
  fc.constantFrom({ type: "refresh" as const }, { type: "index all" as const }, { type: "count" as const }),
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("read" as const), from: fc.nat(30), count: fc.nat(30) }),
  },
);

test("gives the lines as they were when it looked last, whatever happens under it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.nat(2000), async (steps, cacheBytes) => {
      const w = world();
      await append(w, "first\n");
      let bytes = encode("first\n");
      const reader = createArchiver({ ...w.ports, now: () => w.now });
      const lines = await reader.openLines("s", { cacheBytes });
      let seen = model(bytes);
      for (const each of steps) {
        if (each.type === "append") {
          const added = typeof each.output === "string" ? encode(each.output) : each.output;
          await append(w, added);
          bytes = Uint8Array.from([...bytes, ...added]);
        } else if (each.type === "change") {
          await CHANGES[each.change as keyof typeof CHANGES](w);
        } else if (each.type === "refresh") {
          await lines.refresh();
          seen = model(bytes);
        } else if (each.type === "index all") {
          await lines.indexAll();
        } else if (each.type === "count") {
          expect(await lines.lineCount()).toBe(seen.length);
        } else {
          const to = each.from + each.count;
          expect(await lines.lines(each.from, to)).toEqual(seen.slice(each.from, to));
        }
      }
    }),
    runs(80),
  );
});

describe("cuts", () => {
  const of = async (text: string, maxChars: number): Promise<readonly SessionLine[]> => {
    const w = world();
    await makeSession(w, "s", text);
    return (await w.archiver.openLines("s")).lines(0, 9, { maxChars });
  };

  test("never fall inside a character, and say so", async () => {
    const line = "aaaa😀 and more";
    expect(await of(`${line}\r\nshort\n`, 5)).toEqual([
      { index: 0, text: "aaaa", bytes: encode(line).length + 2, truncated: true },
      { index: 1, text: "short", bytes: 6, truncated: false },
    ]);
    expect(await of(line, 0)).toMatchObject([{ text: "", truncated: true }]);
  });

  test("a line of exactly the limit is whole, of characters of any width, with a mark or line end around it", async () => {
    const wide = "語".repeat(50);
    expect(await of(`\ufeff${wide}\r\n${wide}\r\n${wide}語\r\n${wide}`, 50)).toMatchObject([
      { text: wide, truncated: false },
      { text: wide, truncated: false },
      { text: wide, truncated: true },
      { text: wide, truncated: false },
    ]);
  });
});

test("a sidecar has lines too, and what is not there has none", async () => {
  const w = world();
  await makeSession(w, "s", "a\n");
  await w.ports.blobs.create({ id: "s", name: "side" }, "live-1", bytesOf(encode("b\nc\n")));
  const texts = async (name: string) =>
    (await (await w.archiver.openLines("s", { name })).lines(0, 9)).map(({ text }) => text);
  for (const _ of ["live", "archived"]) {
    expect([await texts("side"), await texts("none")]).toEqual([["b", "c"], []]);
    await w.archiver.archive("s");
  }
  await w.archiver.create("empty");
  const empty = await w.archiver.openLines("empty");
  expect([await empty.lineCount(), await empty.lines(0, 5)]).toEqual([0, []]);
  await w.archiver.recorder("empty").append("now\n");
  expect(await empty.lineCount()).toBe(0);
  await empty.refresh();
  expect([await empty.lineCount(), await empty.lines(0, 5)]).toMatchObject([1, [{ text: "now" }]]);
});

test("wrong arguments are refused, and move nothing", async () => {
  const w = world();
  await makeSession(w, "s", "0\n1\n2\n");
  const lines = await w.archiver.openLines("s");
  const refused = { code: "INVALID_ARGUMENT" };
  await expect(lines.lines(-1, 2)).rejects.toMatchObject(refused);
  await expect(lines.lines(0, 0.5)).rejects.toMatchObject(refused);
  await expect(lines.lines(0, 1, { maxChars: -1 })).rejects.toMatchObject(refused);
  expect(await lines.lines(2, 1)).toEqual([]);
  expect((await lines.lines(1, 2)).map(({ text }) => text)).toEqual(["1"]);
  await expect(w.archiver.openLines("unknown")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("an aborted look at all lines ends, and what it was asked for is still right", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(40_000));
  const lines = await w.archiver.openLines("s");
  await lines.indexAll(AbortSignal.abort());
  expect(await lines.lines(39_999, 40_001)).toMatchObject([{ index: 39_999 }]);
  await lines.indexAll(new AbortController().signal);
  expect(await lines.lineCount()).toBe(40_000);
});

test("a segment that holds later output, too, is read as far as the file went when it was opened", async () => {
  const w = world();
  await append(w, "first\n");
  const lines = await createArchiver({ ...w.ports, now: () => w.now }).openLines("s");
  await append(w, "later\n");
  await w.archiver.archive("s");
  expect(await lines.lines(0, 9)).toMatchObject([{ text: "first" }]);
  expect(await lines.lines(1, 9)).toEqual([]);
});

test("a store that gives fewer bytes than it has is an error, not a search without end", async () => {
  const { pages } = pagesOf({
    read: () => sessionBytes(() => bytesOf(encode("abc"))),
    blockAt: async () => ({ start: 0, end: 10 }),
  });
  await expect(pages(0, 10)).rejects.toMatchObject({ code: "CORRUPT" });
});

test("live output whose chunks share a buffer stays whole", async () => {
  const w = world();
  const text = jsonl(4000);
  await makeSession(w, "s", text);
  shareBuffers(w.ports.blobs);
  const lines = await (await w.archiver.openLines("s")).lines(0, 4000);
  expect(lines.map((line) => `${line.text}\n`).join("")).toBe(text);
});
