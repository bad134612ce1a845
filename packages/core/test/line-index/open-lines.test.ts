/** Numbered lines against an array of lines, while the session is archived, restored and written to under the reader. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { bytesOf, createArchiver, type SessionLine, type SessionLines } from "../../src/index.js";
import { pagesOf } from "../../src/read/pages.js";
import { sessionBytes } from "../../src/read/session-bytes.js";
import { countingCodec, DAY, encode, jsonl, loseManifests, makeSession, type World, world } from "../support.js";

/** The lines of these bytes, by the plainest of means. */
function model(bytes: Uint8Array): SessionLine[] {
  const lines: SessionLine[] = [];
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at);
    const end = newline === -1 ? bytes.length : newline + 1;
    const whole = bytes.subarray(at, newline === -1 ? end : newline);
    const isCrLf = newline !== -1 && whole.at(-1) === 13;
    const text = decoder.decode(isCrLf ? whole.subarray(0, -1) : whole);
    const index = lines.length;
    lines.push({ index, text: index === 0 ? text.replace(/^\ufeff/, "") : text, bytes: end - at, truncated: false });
    at = end;
  }
  return lines;
}

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

const output = fc.oneof(
  fc.constantFrom("\n", "\n\n\r\n", "half a line", "\ufeff{}\n", "ends\r\n", "\r", '{"a":1}\n'),
  fc.string({ unit: "grapheme", maxLength: 30 }).map((text) => `${text}\n`),
  fc.uint8Array({ minLength: 1, maxLength: 20 }),
);
const step = fc.oneof(
  fc.record({ type: fc.constant("append" as const), output }),
  fc.record({ type: fc.constant("change" as const), change: fc.constantFrom(...Object.keys(CHANGES)) }),
  fc.constantFrom({ type: "refresh" as const }, { type: "index all" as const }, { type: "count" as const }),
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("read" as const), from: fc.nat(30), count: fc.nat(30) }),
  },
);

async function append(w: World, output: string | Uint8Array): Promise<void> {
  const recorder = w.archiver.recorder("s", { create: {} });
  await recorder.append(output);
  await recorder.close();
}

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
    { numRuns: 300 },
  );
});

describe("a session of 100,000 lines", () => {
  const text = jsonl(100_000);
  const bytes = encode(text);
  const all = model(bytes);
  const half = all.slice(0, 50_000).reduce((sum, line) => sum + line.bytes, 0);

  async function make(
    state: string,
  ): Promise<{ w: World; counts: ReturnType<typeof countingCodec>; open(): Promise<SessionLines> }> {
    const w = world();
    const counts = countingCodec();
    await makeSession(w, "s", state === "resumed" ? bytes.subarray(0, half) : bytes);
    const options = { ...w.ports, now: () => w.now, codec: counts.codec };
    const archiver = createArchiver(options);
    if (state !== "live") await archiver.archive("s");
    if (state === "resumed") await archiver.recorder("s").append(bytes.subarray(half));
    if (state === "without its manifest") await loseManifests(w);
    counts.inflated = 0;
    return { w, counts, open: () => createArchiver(options).openLines("s") };
  }

  test.each(["live", "archived", "resumed", "without its manifest"])(
    "that is %s is paged from end to start and back, each segment inflated once a way",
    async (state) => {
      const { counts, open } = await make(state);
      const lines = await open();
      const count = await lines.lineCount();
      expect(count).toBe(all.length);
      const pages: (readonly SessionLine[])[] = [];
      for (let to = count; to > 0; to -= 170) pages.push(await lines.lines(Math.max(0, to - 170), to));
      expect(pages.reverse().flat()).toEqual(all);
      expect(counts.inflated).toBeLessThanOrEqual(counts.deflated + 1);
      counts.inflated = 0;
      for (let from = 0; from < count; from += 999) {
        const page = await lines.lines(from, from + 999);
        expect(page.map(({ index }) => index)).toEqual(all.slice(from, from + 999).map(({ index }) => index));
      }
      expect(counts.inflated).toBeLessThanOrEqual(counts.deflated + 1);
    },
  );

  test("starts at a line at the cost of a segment or two", async () => {
    const { counts, open } = await make("archived");
    for (const line of [0, 1, 49_999, 99_999]) {
      counts.inflated = 0;
      expect(await (await open()).lines(line, line + 1)).toEqual([all[line]]);
      expect(counts.inflated).toBeLessThanOrEqual(2);
    }
    counts.inflated = 0;
    expect(await (await open()).lineCount()).toBe(100_000);
    expect(counts.inflated).toBeLessThanOrEqual(1);
    expect(await (await open()).lines(100_000, 100_010)).toEqual([]);
  });

  test("live, its end costs little if it has been counted, and its beginning always", async () => {
    const { w, open } = await make("live");
    let read = 0;
    const { read: readBlob } = w.ports.blobs;
    w.ports.blobs.read = async function* (...args) {
      for await (const chunk of readBlob(...args)) {
        read += chunk.length;
        yield chunk;
      }
    };
    expect(await (await open()).lines(5, 7)).toEqual(all.slice(5, 7));
    expect(read).toBeLessThan(4 * 1024 * 1024);
    await append(w, "one more\n");
    read = 0;
    const lines = await open();
    expect(await lines.lineCount()).toBe(100_001);
    expect(await lines.lines(99_998, 200_000)).toMatchObject([
      all[99_998],
      all[99_999],
      { index: 100_000, text: "one more" },
    ]);
    expect(read).toBeLessThan(4 * 1024 * 1024);
  });

  test("what it holds is bounded: blocks beyond that are read again, those within it are not", async () => {
    for (const [cacheBytes, isHeld] of [
      [0, false],
      [64 * 1024 * 1024, true],
    ] as const) {
      const { w, counts } = await make("archived");
      const lines = await createArchiver({ ...w.ports, codec: counts.codec }).openLines("s", { cacheBytes });
      const read = async (): Promise<void> => {
        for (const from of [100, 50_000, 99_000]) await lines.lines(from, from + 1);
      };
      await read();
      counts.inflated = 0;
      await read();
      if (isHeld) expect(counts.inflated).toBe(0);
      else expect(counts.inflated).toBeGreaterThanOrEqual(3);
    }
  });
});

/** Some MiB: several segments, several blocks, and a line that is longer than a segment. */
function largeText(): string {
  const lines = Array.from({ length: 30_000 }, (_, i) => `${i} ${"abcdefghij".repeat(i % 23)}`);
  lines[100] = "";
  lines[20_000] = `long ${"x".repeat(3_000_000)} end`;
  return `${lines.join("\n")}\nno end`;
}

describe("a session with a line that is longer than a segment", () => {
  const text = largeText();
  const texts = text.split("\n");
  const places = [0, 1, 99, 15_000, 19_999, 20_000, 20_001, 29_990, 29_999, 30_000];
  const maxChars = 1000;

  async function check(lines: SessionLines): Promise<void> {
    await lines.refresh();
    expect(await lines.lineCount()).toBe(texts.length);
    for (const from of places) {
      const found = await lines.lines(from, from + 5, { maxChars });
      expect(found.map(({ index }) => index)).toEqual(texts.slice(from, from + 5).map((_, i) => from + i));
      for (const line of found) {
        const whole = texts[line.index] ?? "";
        expect(line.text).toBe(whole.slice(0, maxChars));
        expect(line.truncated).toBe(whole.length > maxChars);
        expect(line.bytes).toBe(whole.length + (line.index === texts.length - 1 ? 0 : 1));
      }
    }
    expect(await lines.lines(20_000, 20_001)).toMatchObject([{ text: texts[20_000], truncated: false }]);
  }

  test("live, archived, restored, without its manifest", async () => {
    const w = world();
    await makeSession(w, "s", text);
    const lines = await w.archiver.openLines("s");
    await check(lines);
    await w.archiver.archive("s");
    await check(lines);
    await w.archiver.restore("s");
    await check(lines);
    await w.archiver.archive("s");
    await loseManifests(w);
    await check(await w.archiver.openLines("s"));
    expect(w.events.some(({ type }) => type === "warning")).toBe(true);
  });

  test("archived under a reader that is half-way", async () => {
    const w = world();
    await makeSession(w, "s", text);
    const lines = await w.archiver.openLines("s");
    const reads = places.map((from) => lines.lines(from, from + 2));
    await w.archiver.archive("s");
    for (const [i, from] of places.entries()) {
      expect((await reads[i])?.map((line) => line.index)).toEqual(from === 30_000 ? [30_000] : [from, from + 1]);
    }
    await check(lines);
  });
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

test("a session that was removed and made anew, longer, is read as it is now", async () => {
  const w = world();
  await append(w, "one\ntwo\n");
  const lines = await w.archiver.openLines("s");
  expect(await lines.lines(0, 9)).toHaveLength(2);
  await w.archiver.remove("s");
  await expect(lines.refresh()).rejects.toMatchObject({ code: "NOT_FOUND" });
  await append(w, "another\nsession\nof three lines\n");
  await lines.refresh();
  expect((await lines.lines(0, 9)).map(({ text }) => text)).toEqual(["another", "session", "of three lines"]);
});

test("so is one that was archived again, and one whose host gives its blobs no names of their own", async () => {
  const w = world();
  await makeSession(w, "s", "one\ntwo\n");
  const lines = await w.archiver.openLines("s");
  expect(await lines.lineCount()).toBe(2);
  await w.archiver.remove("s");
  await makeSession(w, "s", "x\n");
  await lines.refresh();
  expect(await lines.lines(0, 9)).toMatchObject([{ text: "x" }]);
  expect(await lines.lineCount()).toBe(1);
  await w.archiver.archive("s");
  await lines.refresh();
  expect(await lines.lineCount()).toBe(1);
  await w.archiver.remove("s");
  await append(w, "another\n and longer\n");
  await w.archiver.archive("s");
  await lines.refresh();
  expect(await lines.lineCount()).toBe(2);
  expect((await lines.lines(0, 9)).map(({ text }) => text)).toEqual(["another", " and longer"]);
});

test("a session that was purged and written to again is read as it is now", async () => {
  const w = world();
  await append(w, "one\ntwo\n");
  const lines = await w.archiver.openLines("s");
  expect(await lines.lineCount()).toBe(2);
  await w.archiver.archive("s");
  await w.archiver.pruneSession("s");
  await expect(lines.refresh()).rejects.toMatchObject({ code: "PRUNED", id: "s" });
  await w.archiver.prune({ graceDays: 0 });
  await append(w, "from here on\nit is new\nand longer\n");
  await lines.refresh();
  expect((await lines.lines(0, 9)).map(({ text }) => text)).toEqual(["from here on", "it is new", "and longer"]);
});

test("a manifest that is not the one that was committed is not believed", async () => {
  const w = world();
  await append(w, "one\ntwo\nthree\n");
  await w.archiver.archive("s");
  const key = String((await w.ports.objects.get("s"))?.meta[KEY.manifestKey]);
  const { read } = w.ports.archives;
  w.ports.archives.read = async function* (asked, range, op) {
    for await (const chunk of read(asked, range, op)) {
      const text = new TextDecoder().decode(chunk);
      // As large, and a manifest still, but of other line ends.
      yield asked === key ? encode(text.replace('"newlines":3', '"newlines":7')) : chunk;
    }
  };
  const [line, count] = [await w.archiver.openLines("s"), await w.archiver.openLines("s")];
  expect(await line.lines(1, 2)).toMatchObject([{ index: 1, text: "two" }]);
  expect(await count.lineCount()).toBe(3);
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

test("a store that gives fewer bytes than it has is an error, not a search without end", async () => {
  const pages = pagesOf({
    read: () => sessionBytes(() => bytesOf(encode("abc"))),
    blockAt: async () => ({ start: 0, end: 10 }),
  });
  await expect(pages(0, 10)).rejects.toMatchObject({ code: "CORRUPT" });
});
