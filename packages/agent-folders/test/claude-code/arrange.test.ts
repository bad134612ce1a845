/** The times of restored files, and restores that would hide a session. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claudeCodeSource } from "../../src/claude-code/source.js";
import { placeOf } from "../../src/place.js";
import type { RestoredFile } from "../../src/source.js";
import { countedFiles } from "../support/counted-files.js";
import { put, tempFolder } from "../support/temp.js";
import { uuid } from "../support/transcripts.js";

const NOW = Date.UTC(2026, 10, 29);
const DAY = 24 * 60 * 60 * 1000;
const ONE = uuid(1);
const source = claudeCodeSource();

const file = (path: string, daysOld: number): RestoredFile => ({
  root: "projects",
  path,
  mtimeMs: NOW - daysOld * DAY,
});

/** `beside`: days since the other transcripts of the project were changed. */
async function arranged(restored: readonly RestoredFile[], beside: readonly number[] = [], more?: (p: string) => void) {
  const home = await tempFolder();
  const projects = join(home, "projects");
  await put(join(projects, "-p/memory/x"), "");
  for (const [at, days] of beside.entries())
    await put(join(projects, "-p", `${uuid(at + 2)}.jsonl`), "{}", NOW - days * DAY);
  more?.(projects);
  const files = countedFiles();
  return await source.arrange(await placeOf(source, home, files, {}), files, ONE, restored, NOW);
}

const transcript = (daysOld: number): RestoredFile => file(`-p/${ONE}.jsonl`, daysOld);
const daysOld = ({ mtimesMs }: { readonly mtimesMs: readonly number[] }): readonly number[] =>
  mtimesMs.map((time) => (NOW - time) / DAY);

describe("times of restored files of Claude Code", () => {
  test("a young transcript with a younger one beside it keeps its own", async () => {
    expect(await arranged([transcript(10)], [2])).toEqual({ mtimesMs: [NOW - 10 * DAY], warnings: [] });
  });

  test("an old one gets 7 days before the clean-up, and stays older than the newest beside it", async () => {
    const { mtimesMs, warnings } = await arranged([transcript(400)], [2, 29]);
    expect(warnings).toEqual([]);
    expect(mtimesMs[0]).toBeGreaterThanOrEqual(NOW - 23 * DAY);
    expect(mtimesMs[0]).toBeLessThan(NOW - 21 * DAY);
  });

  test("a newer one than all beside it is made older, where it stays safe", async () => {
    expect(daysOld(await arranged([transcript(1)], [22]))[0]).toBeGreaterThan(22);
  });

  test("where both can't hold, it is safe, and that is said", async () => {
    for (const beside of [[24], [], [23]]) {
      const { mtimesMs, warnings } = await arranged([transcript(100)], beside);
      expect(mtimesMs[0]).toBeGreaterThanOrEqual(NOW - 23 * DAY);
      expect(warnings).toEqual(["`claude --continue` will pick it up in its folder: it is the newest there."]);
    }
  });

  test("subagents and results of tools are cleaned up one by one, so all of them are made safe", async () => {
    const paths = [`-p/${ONE}/subagents/agent-a.jsonl`, `-p/${ONE}/tool-results/x.txt`, "-p/agent-a1.jsonl"];
    const times = daysOld(await arranged([transcript(60), ...paths.map((path) => file(path, 60))], [1]));
    expect(times).toHaveLength(4);
    for (const days of times) expect(days).toBeLessThanOrEqual(23);
  });

  test("law: safe for 7 days, never in the future, in the order of before, older than the newest or said", async () => {
    const days = fc.integer({ min: -30, max: 700 });
    await fc.assert(
      fc.asyncProperty(days, days, fc.option(fc.integer({ min: 0, max: 40 })), async (first, second, newest) => {
        const results = [first, second].map((days, at) => file(`-p/${ONE}/tool-results/${at}`, days));
        const beside = newest === null ? [] : [newest];
        const { mtimesMs, warnings } = await arranged([transcript(first), ...results], beside);
        const [time = 0, one = 0, two = 0] = mtimesMs;
        for (const each of mtimesMs) {
          expect(each).toBeGreaterThanOrEqual(NOW - 23 * DAY);
          expect(each).toBeLessThanOrEqual(NOW);
        }
        if (first < second) expect(one - two).toBeGreaterThan(second > 0 ? 0 : -1);
        expect(warnings.length === 0).toBe(newest !== null && time < NOW - newest * DAY);
      }),
      { numRuns: 60, examples: [[23, 24, null]] },
    );
  });
});

describe("a restore that would leave two transcripts of one session", () => {
  test("is refused, with a word on where the other one lies", async () => {
    const home = await tempFolder();
    await put(join(home, `projects/-other/${ONE}.jsonl`), "{}");
    const files = countedFiles();
    const place = await placeOf(source, home, files, {});
    const asked = source.arrange(place, files, ONE, [transcript(10)], NOW);
    await expect(asked).rejects.toMatchObject({ code: "CONFLICT", message: expect.stringContaining('"-other"') });
  });

  test("also if the other one is a link, or lies behind one", async () => {
    const outside = await tempFolder();
    await put(join(outside, `${ONE}.jsonl`), "{}");
    const behind = arranged([transcript(10)], [], (projects) => symlinkSync(outside, join(projects, "-linked")));
    await expect(behind).rejects.toMatchObject({ code: "CONFLICT" });
    const dangling = arranged([transcript(10)], [], (projects) => {
      symlinkSync("nowhere", join(projects, "-p", `${ONE}.jsonl`));
      symlinkSync(join(projects, "-p"), join(projects, "-again"));
    });
    // The same file by another way is not a second one.
    expect((await dangling).mtimesMs).toHaveLength(1);
  });

  test("not what is held aside, nor a file of another session, nor a folder", async () => {
    const home = await tempFolder();
    await put(join(home, `projects/.session-archiver-held/-p/${ONE}.jsonl/original.x`), "{}");
    await put(join(home, `projects/.session-archiver-held/${ONE}.jsonl`), "{}");
    await put(join(home, `projects/-other/${uuid(9)}.jsonl`), "{}");
    const files = countedFiles();
    const place = await placeOf(source, home, files, {});
    expect((await source.arrange(place, files, ONE, [transcript(10)], NOW)).mtimesMs).toHaveLength(1);
  });
});
