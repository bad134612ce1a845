/** The process dies at each call of a claim, and again at each call of what ends it. */
import { afterAll, describe, expect, test } from "vitest";
import { ARCHIVED, Lab } from "../support/lab.js";
import type { Steps } from "../support/stepped.js";
import { temporaryInMemory } from "../support/temporary.js";
import { startWriter } from "../support/writer.js";

const writer = startWriter();
afterAll(() => writer[Symbol.asyncDispose]());

const ONE = '{"n":3}\n';
const NEVER = Number.POSITIVE_INFINITY;

/** Dies at this call, before or after it has taken effect. An act comes before another call. */
class Crash implements Steps {
  isDead = false;
  readonly #call: number;
  readonly #when: "before" | "after";
  readonly #act: { readonly call: number; readonly run: () => Promise<void> } | undefined;

  constructor(call: number, when: "before" | "after", act?: { call: number; run: () => Promise<void> }) {
    this.#call = call;
    this.#when = when;
    this.#act = act;
  }

  async before(call: number): Promise<void> {
    if (this.#act?.call === call && !this.isDead) await this.#act.run();
    if (this.#when === "before" && call === this.#call) this.isDead = true;
    if (this.isDead) throw new Error("The process is dead.");
  }

  after(call: number): void {
    if (this.#when === "after" && call === this.#call) this.isDead = true;
    if (this.isDead) throw new Error("The process is dead.");
  }
}

interface Case {
  readonly shows: boolean;
  readonly act: number;
  readonly crash: number;
  readonly when: "before" | "after";
  readonly second?: number;
  readonly end: "finish" | "putBack";
}

/** Resolves to whether the crash happened: if it did not, later ones do not either. */
async function run({ shows, act, crash, when, second, end }: Case): Promise<{ first: boolean; second: boolean }> {
  await using folder = await temporaryInMemory();
  const lab = new Lab(folder.path, writer, shows);
  await lab.start();
  let wrote = false;
  const write = async () => {
    wrote = true;
    await lab.append(ONE);
  };
  const steps = new Crash(crash, when, { call: act, run: write });
  const outcome = await lab.claim(steps).then(
    ({ result }) => result.outcome,
    () => "died",
  );
  const again = new Crash(second ?? NEVER, when);
  if (second !== undefined) await lab.end(end, again).catch(() => undefined);
  const ended = await lab.end(end);
  if (end === "putBack") await lab.end("finish");
  const content = await lab.content();
  const what = JSON.stringify({ shows, act, crash, when, second, end, wrote, outcome, ended, content });
  const expected = wrote ? ARCHIVED + ONE : ARCHIVED;
  expect(content === expected || ARCHIVED + (content ?? "") === expected, what).toBe(true);
  expect(await lab.parts(), what).toEqual([]);
  return { first: steps.isDead, second: again.isDead };
}

const AT_LENGTH = process.env["SESSION_ARCHIVER_AT_LENGTH"] !== undefined;

describe.each([true, false])("shown who has a file open: %s", (shows) => {
  test.each(["finish", "putBack"] as const)("once, and %s", async (end) => {
    for (const when of ["before", "after"] as const) {
      let crashes = 0;
      for (let crash = 1; (await run({ shows, act: NEVER, crash, when, end })).first; crash++) crashes++;
      expect(crashes).toBeGreaterThan(25);
    }
  });

  test.each(["finish", "putBack"] as const)("once while a program writes, and %s", async (end) => {
    for (const when of ["before", "after"] as const) {
      for (let act = 18; act <= 35; act += AT_LENGTH ? 1 : 4) {
        for (let crash = 10; (await run({ shows, act, crash, when, end })).first; crash += AT_LENGTH ? 1 : 3);
      }
    }
  });

  test.each(["finish", "putBack"] as const)("twice while a program writes, the second time in %s", async (end) => {
    const when = "after";
    for (let crash = 20; (await run({ shows, act: 22, crash, when, end })).first; crash += AT_LENGTH ? 1 : 11) {
      let second = 1;
      while ((await run({ shows, act: 22, crash, when, second, end })).second) second += AT_LENGTH ? 1 : 7;
    }
  });
});
