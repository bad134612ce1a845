/** All from a time on, in every state of a session, at the cost of what is given. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Archiver, createArchiver, toBytes } from "../../src/index.js";
import { firstTimestamp, newlinesIn } from "../../src/jsonl.js";
import { type Block, liveBefore } from "../../src/read/blocks.js";
import type { Pages } from "../../src/read/pages.js";
import { startOf } from "../../src/read/search-back.js";
import { countingCodec } from "../codecs.js";
import { runs } from "../fuzz.js";
import { encode, linesOf, longLines, loseManifests, makeSession, NOW, type World, world } from "../support.js";

/** Lines with a time, and one with more bytes than most. */
const at = (t: number): string => `{"timestamp":"${new Date(NOW + t).toISOString()}"}\n`;
const atNumber = (t: number): string => `{"timestamp":${NOW + t}}\n`;
const padded = (t: number): string => `{"timestamp":${NOW + t},"pad":"${"y".repeat(80)}"}\n`;

/** Times near one another that go back now and then, lines without one, and what only looks like one. */
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.integer({ min: -5, max: 5 }).map(at),
  },
  { weight: 1, arbitrary: fc.integer({ min: -5, max: 5 }).map(atNumber) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "\n",
      "{}\n",
      `{"inner":{"timestamp":${NOW + 9}}}\n`,
      `{"timestamp":"soon"}\n`,
      `torn {"timestamp":${NOW + 9}}\n`,
      `${"x".repeat(60)}\n`,
      ...[-3, 3].map(padded),
    ),
  },
);

const lines = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom("", "{}", `{"timestamp":${NOW + 5}}`))
  .map(([all, open]) => (open === "" ? all : [...all, open]));

function timeOf(text: string): number | undefined {
  try {
    const { timestamp } = JSON.parse(text);
    const time = typeof timestamp === "string" ? Date.parse(timestamp) : timestamp;
    return Number.isFinite(time) ? time : undefined;
  } catch {
    return undefined;
  }
}

/** Where each line begins, and where all end. */
function startsOf(all: readonly string[]): readonly number[] {
  const starts = [0];
  for (const text of all) starts.push((starts.at(-1) ?? 0) + encode(text).length);
  return starts;
}

/** What the documentation says, word for word, of a text in memory. */
function naiveStart(all: readonly string[], unixMs: number, most: number): number {
  let start = encode(all.join("")).length;
  let found = start;
  let older = 0;
  for (const text of all.toReversed()) {
    const { length } = encode(text);
    start -= length;
    const time = length > 4 * most ? undefined : timeOf(text);
    if (time === undefined) continue;
    if (time < unixMs) older += length;
    else [found, older] = [start, 0];
    if (older > most) break;
  }
  return found;
}

/** Where segments begin in each line, as the writer cuts them: with the line, and where a long one fills a segment. */
function wholeLineCuts(isCut: readonly boolean[]): (text: string, i: number) => readonly number[] {
  return (text, i) => (isCut[i] ? [0, ...(text.length > 30 ? [30] : [])] : []);
}

/** The file that segments with these beginnings make. */
function segmentedFile(all: readonly string[], cutsIn: (text: string, i: number) => readonly number[]) {
  const bytes = encode(all.join(""));
  const starts = new Set([0]);
  let at = 0;
  for (const [i, text] of all.entries()) {
    for (const cut of cutsIn(text, i)) starts.add(at + cut);
    at += encode(text).length;
  }
  const ends = [...starts].filter((start) => start < bytes.length).sort((a, b) => a - b);
  const segments = ends.map((start, i): Block => {
    const end = ends[i + 1] ?? bytes.length;
    const raw = bytes.subarray(start, end);
    return { start, end, time: firstTimestamp(raw), isWithinLine: i + 1 < ends.length && !raw.includes(10) };
  });
  const blocksBefore = async (to: number, count: number): Promise<readonly Block[]> => {
    const before = segments.filter(({ start }) => start < to).toReversed();
    const enough = before.findIndex(({ start }) => start <= to - count);
    return enough === -1 ? before : before.slice(0, enough + 1);
  };
  const pages: Pages = async (start, end) => bytes.slice(start, end);
  return { file: { size: bytes.length, blocksBefore }, pages };
}

/** The same lines in each state, in segments that start and end anywhere. */
const STATES: Record<string, (w: World, pieces: readonly string[]) => Promise<void>> = {
  live: (w, pieces) => makeSession(w, "s", pieces.join("")),
  archived: async (w, pieces) => {
    await makeSession(w, "s", "");
    for (const piece of pieces) {
      await w.archiver.recorder("s").append(piece);
      await w.archiver.archive("s");
    }
  },
  resumed: async (w, pieces) => {
    await STATES["archived"]?.(w, pieces.slice(0, -1));
    await w.archiver.recorder("s").append(pieces.at(-1) ?? "");
  },
  restored: async (w, pieces) => {
    await STATES["archived"]?.(w, pieces);
    if ((await w.archiver.info("s")).state === "archived") await w.archiver.restore("s");
  },
  "without its manifest": async (w, pieces) => {
    await STATES["archived"]?.(w, pieces);
    await loseManifests(w);
  },
};

async function since(archiver: Archiver, unixMs: number): Promise<string> {
  return new TextDecoder().decode(await toBytes(archiver.since("s", unixMs)));
}

describe("the search finds the line that its description means, however much ends it,", () => {
  const times = fc.integer({ min: -6, max: 6 });
  const sizes = [fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 60 })] as const;

  test("in live bytes", async () => {
    await fc.assert(
      fc.asyncProperty(lines, times, ...sizes, fc.boolean(), async (all, t, most, look, isMarked) => {
        const bytes = encode(all.join(""));
        const size = bytes.length;
        const pages: Pages = async (start, end) => bytes.slice(start, end);
        const marks = Array.from({ length: isMarked ? size : 0 }, (_, offset) => ({
          offset,
          line: newlinesIn(bytes.subarray(0, offset)),
        }));
        const blocksBefore = async (to: number, count: number) => [liveBefore(marks, 0, to, count)];
        expect(await startOf({ size, blocksBefore }, pages, NOW + t, most, look)).toBe(naiveStart(all, NOW + t, most));
      }),
      runs(600),
    );
  });

  test("in segments with the first time of each", async () => {
    const cuts = fc.array(fc.boolean(), { minLength: 41, maxLength: 41 });
    const cutAt = (...lines: readonly number[]) => Array.from({ length: 41 }, (_, i) => lines.includes(i));
    await fc.assert(
      fc.asyncProperty(lines, times, ...sizes, cuts, async (all, t, most, look, isCut) => {
        const { file, pages } = segmentedFile(all, wholeLineCuts(isCut));
        expect(await startOf(file, pages, NOW + t, most, look)).toBe(naiveStart(all, NOW + t, most));
      }),
      {
        ...runs(600),
        examples: [[[at(0), at(0), at(0), atNumber(0), "\n", at(-1), padded(-3), at(0)], 0, 140, 53, cutAt(1, 6)]],
      },
    );
  });

  test("or an earlier one, in segments that begin within lines which appends continued", async () => {
    const cuts = fc.array(fc.option(fc.nat({ max: 60 })), { minLength: 41, maxLength: 41 });
    await fc.assert(
      fc.asyncProperty(lines, times, ...sizes, cuts, async (all, t, most, look, tornAt) => {
        const { file, pages } = segmentedFile(all, (text, i) => {
          const cut = tornAt[i] ?? text.length;
          return cut < text.length ? [cut] : [];
        });
        const found = await startOf(file, pages, NOW + t, most, look);
        expect(found).toBeLessThanOrEqual(naiveStart(all, NOW + t, most));
        /** The lines that the search is to leave out, and the first that it gives. */
        const before = all.slice(0, startsOf(all).indexOf(found));
        const first = all[before.length];
        expect(naiveStart(before, NOW + t, most)).toBe(found);
        if (first !== undefined) expect(timeOf(first)).toBeGreaterThanOrEqual(NOW + t);
      }),
      runs(600),
    );
  });
});

describe.each(Object.entries(STATES))("since, of a session that is %s", (_, make) => {
  test("gives all from the first line at or after the time", async () => {
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lines, cuts, fc.integer({ min: -6, max: 6 }), async (all, parts, t) => {
        const w = world();
        const text = all.join("");
        const ends = [0, ...parts.map((part) => Math.floor(part * text.length)), text.length].sort((a, b) => a - b);
        await make(
          w,
          ends.slice(1).map((end, i) => text.slice(ends[i], end)),
        );
        const first = all.findIndex((one) => (timeOf(one) ?? Number.NEGATIVE_INFINITY) >= NOW + t);
        const wanted = first === -1 ? "" : all.slice(first).join("");
        expect(await since(createArchiver({ ...w.ports, now: () => w.now }), NOW + t)).toBe(wanted);
      }),
      runs(25),
    );
  });
});

describe("of a large session", () => {
  const text = longLines(5000); // a second apart
  const all = linesOf(text);
  const timeAt = (i: number): number => Date.parse(JSON.parse(all[i] ?? "").timestamp);

  test("it inflates what it gives, and a step more", async () => {
    const w = world();
    const counts = countingCodec();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    const archiver = createArchiver({ ...w.ports, codec: counts.codec });
    for (const [from, most] of [
      [4990, 3],
      [3330, 6],
      [0, 20],
    ] as const) {
      counts.inflated = 0;
      expect(await since(archiver, timeAt(from))).toBe(all.slice(from).join(""));
      expect(counts.inflated).toBeLessThanOrEqual(most);
    }
    expect(await since(archiver, timeAt(4999) + 1)).toBe("");
  });

  test("a few old lines in between hide nothing; a step of them ends the search", async () => {
    const old = (count: number): string =>
      `{"timestamp":"2020-01-01T00:00:00Z","pad":"${"x".repeat(970)}"}\n`.repeat(count);
    for (const [count, isFound] of [
      [500, true],
      [2200, false],
    ] as const) {
      const w = world();
      await makeSession(w, "s", text + old(count));
      const given = await since(w.archiver, timeAt(4800));
      expect(given === (isFound ? all.slice(4800).join("") + old(count) : ""), `${count}: ${given.length}`).toBe(true);
    }
  });
});

test("an invalid time is INVALID_ARGUMENT", async () => {
  const w = world();
  await makeSession(w, "s", "{}\n");
  for (const time of [Number.NaN, Number.POSITIVE_INFINITY]) {
    await expect(since(w.archiver, time)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  }
});
