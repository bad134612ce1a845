import { describe, expect, test } from "vitest";
import { createPageCache } from "../../src/transcript/page-cache.ts";
import type { TranscriptLine } from "../../src/worker/api.ts";

const line = (index: number): TranscriptLine => ({ index, text: `line ${index}`, bytes: 8, truncated: false });
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => line(from + i));

interface Read {
  readonly from: number;
  readonly to: number;
  readonly resolve: (lines?: readonly TranscriptLine[]) => Promise<void>;
  readonly reject: (error: unknown) => Promise<void>;
}

/** A cache whose reads are answered by the test. */
function setUp(lineCount: number, options: { maxPages?: number; concurrency?: number } = {}) {
  const reads: Read[] = [];
  let changes = 0;
  /** Waits until the cache has handled the answer. */
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const cache = createPageCache(lineCount, {
    pageLines: 10,
    ...options,
    onChange: () => changes++,
    read: (from, to) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly TranscriptLine[]>();
      reads.push({
        from,
        to,
        resolve: (lines = range(from, to)) => {
          resolve(lines);
          return settled();
        },
        reject: (error) => {
          reject(error);
          return settled();
        },
      });
      return promise;
    },
  });
  const at = (i: number): Read => {
    const read = reads[i];
    if (!read) throw new Error(`no read ${i}; there were ${reads.length}`);
    return read;
  };
  return { cache, reads, at, changes: () => changes };
}

describe("reading", () => {
  test("lines in view are read first, then those around them", async () => {
    const { cache, reads, at } = setUp(1000, { concurrency: 1 });
    cache.want(500, 515, 20);
    for (let i = 0; i < 6; i++) await at(i).resolve();
    expect(reads.map(({ from, to }) => [from, to])).toEqual([
      [500, 510],
      [510, 520],
      [490, 500],
      [520, 530],
      [480, 490],
      [530, 540],
    ]);
    expect(cache.get(507)).toEqual(line(507));
    expect(cache.get(479)).toBeUndefined();
  });

  test("requests no line beyond the end, and none twice", async () => {
    const { cache, reads, at } = setUp(25);
    cache.want(0, 25, 50);
    cache.want(3, 25, 50);
    await at(0).resolve();
    await at(1).resolve();
    await at(2).resolve();
    cache.want(0, 25, 50);
    expect(reads.map(({ from, to }) => [from, to]).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))).toEqual([
      [0, 10],
      [10, 20],
      [20, 25],
    ]);
    expect(cache.get(24)).toEqual(line(24));
    expect(cache.get(25)).toBeUndefined();
  });

  test("scrolled past, a page is not read", async () => {
    const { cache, reads, at } = setUp(10_000, { concurrency: 1 });
    for (let from = 0; from < 5000; from += 100) cache.want(from, from + 20);
    await at(0).resolve();
    await at(1).resolve();
    expect(reads.map(({ from }) => from)).toEqual([0, 4900, 4910]);
  });

  test("runs at most the given number of reads at once", () => {
    const { cache, reads } = setUp(1000, { concurrency: 3 });
    cache.want(0, 500);
    expect(reads).toHaveLength(3);
  });

  test("holds at most the given number of pages, the most recently used ones", async () => {
    const { cache, reads, at } = setUp(100_000, { maxPages: 5, concurrency: 1 });
    for (let from = 0; from < 1000; from += 10) {
      cache.want(from, from + 10);
      await at(reads.length - 1).resolve();
      expect(cache.size).toBeLessThanOrEqual(5);
    }
    expect(cache.get(995)).toEqual(line(995));
    expect(cache.get(5)).toBeUndefined();
    cache.want(0, 10);
    expect(at(reads.length - 1).from).toBe(0);
  });
});

describe("growing", () => {
  test("the last page is read on from where it ended", async () => {
    const { cache, reads, at } = setUp(14);
    cache.want(10, 14);
    await at(0).resolve();
    cache.grow(17);
    expect(at(1)).toMatchObject({ from: 14, to: 17 });
    await at(1).resolve();
    expect([10, 13, 14, 16].map((i) => cache.get(i)?.index)).toEqual([10, 13, 14, 16]);
    cache.grow(17);
    expect(reads).toHaveLength(2);
  });

  test("while a page is being read", async () => {
    const { cache, at } = setUp(14);
    cache.want(10, 14);
    cache.grow(16);
    await at(0).resolve();
    expect(at(1)).toMatchObject({ from: 14, to: 16 });
    await at(1).resolve();
    expect(cache.get(15)).toEqual(line(15));
  });

  test("fewer lines than promised are requested once more, then reported as a failure", async () => {
    const { cache, reads, at } = setUp(20);
    cache.want(10, 20);
    await at(0).resolve(range(10, 13));
    expect(at(1)).toMatchObject({ from: 13, to: 20 });
    await at(1).resolve([]);
    expect(reads).toHaveLength(2);
    expect(cache.get(12)).toEqual(line(12));
    expect(cache.failureIn(0, 20)).toMatchObject({ from: 13, to: 20 });
  });
});

describe("failing", () => {
  test("is reported with its place, and is not retried by itself", async () => {
    const { cache, reads, at, changes } = setUp(30, { concurrency: 1 });
    cache.want(0, 30);
    const error = new Error("CORRUPT");
    await at(0).reject(error);
    await at(1).resolve();
    await at(2).resolve();
    cache.want(0, 29);
    expect(reads).toHaveLength(3);
    expect(cache.failureIn(0, 5)).toEqual({ from: 0, to: 10, error });
    expect(cache.failureIn(10, 30)).toBeUndefined();
    expect(cache.get(15)).toEqual(line(15));
    expect(changes()).toBe(3);
  });

  test("a retry reads the lines in view again", async () => {
    const { cache, at } = setUp(10);
    cache.want(0, 10);
    await at(0).reject(new Error("gone for a moment"));
    cache.retry();
    expect(cache.failureIn(0, 10)).toBeUndefined();
    await at(1).resolve();
    expect(cache.get(3)).toEqual(line(3));
  });
});

test("a whole line replaces a cut one", async () => {
  const { cache, at } = setUp(10);
  cache.want(0, 10);
  await at(0).resolve();
  cache.replace({ ...line(4), text: "all of it" });
  expect(cache.get(4)?.text).toBe("all of it");
  expect(cache.get(5)).toEqual(line(5));
});

test("after close it reads and reports nothing more", async () => {
  const { cache, reads, at, changes } = setUp(100, { concurrency: 1 });
  cache.want(0, 100);
  cache.close();
  await at(0).resolve();
  cache.want(50, 60);
  expect(reads).toHaveLength(1);
  expect(changes()).toBe(0);
});
