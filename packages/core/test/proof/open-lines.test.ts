/** Numbered lines of large sessions: what they cost, and what is held of them. */
import { describe, expect, test } from "vitest";
import { createArchiver, type SessionLine, type SessionLines } from "../../src/index.js";
import { countingCodec } from "../codecs.js";
import { append, model } from "../read/line-index/support.js";
import { encode, jsonl, loseManifests, makeSession, type World, world } from "../support.js";

/** Some MiB: several segments, several blocks, and a line that is longer than a segment. */
function largeText(): string {
  const lines = Array.from({ length: 30_000 }, (_, i) => `${i} ${"abcdefghij".repeat(i % 23)}`);
  lines[100] = "";
  lines[20_000] = `long ${"x".repeat(3_000_000)} end`;
  return `${lines.join("\n")}\nno end`;
}

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
