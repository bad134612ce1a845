/** The progress of a sweep that archives several sessions at once. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { SingleBar } from "cli-progress";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { tally } from "../src/commands/byte-progress.js";
import { parseSize } from "../src/output/sizes.js";
import { type Cli, newCli, Sink } from "./support/cli.js";
import { transcript, writeFiles } from "./support/sessions.js";

const SESSIONS = 8;
const LINES = 16_000;

class Terminal extends Sink {
  readonly isTTY = true;
  readonly columns = 80;
}

/** Sessions of more than a MB, so that several run at once and each reports its bytes more than once. */
async function filledCli(): Promise<Cli> {
  const cli = await newCli();
  const files = Array.from({ length: SESSIONS }, (_, i) => [`p/s${i}.jsonl`, transcript(LINES, undefined, `s${i}`)]);
  await writeFiles(cli.folder, Object.fromEntries(files));
  await cli.run("import", "p");
  return cli;
}

interface Step {
  /** Bytes so far, of `total`. */
  readonly done: number;
  readonly total: number;
  readonly id: string;
}

/** Every update of the terminal's bar while the command runs. */
async function onTerminal(cli: Cli, ...words: readonly string[]): Promise<readonly Step[]> {
  const start = vi.spyOn(SingleBar.prototype, "start");
  const update = vi.spyOn(SingleBar.prototype, "update");
  try {
    expect((await cli.runWith({ stderr: new Terminal() }, ...words)).exitCode).toBe(0);
    const total = start.mock.calls[0]?.[0] ?? 0;
    const calls = update.mock.calls as unknown as [done: number, payload: { readonly what: string }][];
    return calls.map(([done, { what }]) => ({ done, total, id: what }));
  } finally {
    start.mockRestore();
    update.mockRestore();
  }
}

/** Every progress line, as if seconds passed between any two events. */
async function inLines(cli: Cli, ...words: readonly string[]): Promise<readonly Step[]> {
  let time = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => {
    time += 6000;
    return time;
  });
  try {
    const { stderr, exitCode } = await cli.run(...words);
    expect(exitCode).toBe(0);
    return stderr.split("\n").flatMap((line) => {
      const [, done, total, id] = /^\w+: (.*) of (.*), at (.*)$/.exec(line) ?? [];
      return id === undefined
        ? []
        : [{ done: parseSize(done ?? "") ?? Number.NaN, total: parseSize(total ?? "") ?? 0, id }];
    });
  } finally {
    clock.mockRestore();
  }
}

function expectSteady(steps: readonly Step[]): void {
  const { total } = steps[0] ?? { total: 0 };
  expect(total).toBeGreaterThan(SESSIONS * 1_000_000);
  expect(new Set(steps.map((step) => step.total))).toEqual(new Set([total]));
  const done = steps.map((step) => step.done);
  expect(done.length).toBeGreaterThanOrEqual(2 * SESSIONS);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(done.at(-1)).toBe(total);
  // A bar that is full before all sessions have begun would be useless.
  const begun = new Set(steps.filter((step) => step.done < total).map(({ id }) => id));
  expect(begun.size).toBe(SESSIONS);
}

describe("a sweep's progress", () => {
  test("on a terminal it grows to the total with the last session, and no further", async () => {
    expectSteady(await onTerminal(await filledCli(), "sweep"));
  });

  test("in lines it never exceeds the total", async () => {
    expectSteady(await inLines(await filledCli(), "sweep"));
  });
});

test("a restore's progress counts a session once, although a resumed one is archived first", async () => {
  const cli = await filledCli();
  await cli.run("sweep");
  await appendFile(join(cli.folder, "p/s1.jsonl"), transcript(LINES));
  await cli.run("import", "p");
  const ids = Array.from({ length: SESSIONS }, (_, i) => `s${i}`);
  expectSteady(await onTerminal(cli, "restore", ...ids));
});

test("the sum of progress never falls and never exceeds the total, for any events", () => {
  const ids = ["a", "b", "c", "unexpected"];
  const steps = fc.array(fc.tuple(fc.constantFrom(...ids), fc.double({ min: -1, max: 3 })), { maxLength: 50 });
  fc.assert(
    fc.property(fc.nat(), fc.nat(), steps, (a, b, events) => {
      const expected = new Map(Object.entries({ a, b, c: 0 }));
      const done = tally(expected);
      let last = 0;
      for (const [id, part] of events) {
        const now = done(id, part);
        expect(now).toBeGreaterThanOrEqual(last);
        expect(now).toBeLessThanOrEqual(a + b);
        last = now;
      }
      for (const id of ids) last = done(id, 1);
      expect(last).toBe(a + b);
      expect(expected.size).toBe(0); // nothing is held of what is done
    }),
  );
});
