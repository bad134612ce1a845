/** Random writers, crashes and later runs, on real files. Every line is there once in the end, in the archive or the file. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { seeded } from "@session-archiver/test-kit/random";
import { expect, test } from "vitest";
import { type ClaimContext, claimRule, nodeFiles } from "../../src/index.js";
import { ARCHIVED, extent } from "../support/lab.js";
import { RandomWriter } from "../support/random-writer.js";
import { stepped } from "../support/stepped.js";
import { temporaryInMemory } from "../support/temporary.js";

const HOUR = 3_600_000;
const AT_LENGTH = process.env["SESSION_ARCHIVER_AT_LENGTH"] !== undefined;
const SCHEDULES = Number(process.env["SESSION_ARCHIVER_SCHEDULES"] ?? (AT_LENGTH ? 20_000 : 300));
const SEED = Number(process.env["SESSION_ARCHIVER_SEED"] ?? 1);

class Schedule {
  readonly root: string;
  readonly place: string;
  readonly random: () => number;
  readonly shows: boolean;
  readonly writer: RandomWriter;
  readonly log: string[] = [];
  now = Date.UTC(2026, 0, 1);
  #ids = 0;

  constructor(root: string, seed: number) {
    this.root = root;
    this.place = `${root}/p/s.jsonl`;
    this.random = seeded(seed);
    this.shows = this.random() < 0.5;
    this.writer = new RandomWriter(this.place, 6, this.random);
  }

  /** One run, which the writer disturbs, and which half the time dies somewhere. */
  async run(run: (ctx: ClaimContext) => Promise<{ outcome: string; reason?: string | undefined }>): Promise<void> {
    const crash = this.random() < 0.5 ? Math.floor(this.random() * 80) : 0;
    const isBefore = this.random() < 0.5;
    let isDead = false;
    const die = (call: number, is: boolean) => {
      isDead ||= is && call === crash;
      if (isDead) throw new Error("The process is dead.");
    };
    const { files, step } = stepped(nodeFiles(), {
      before: async (call) => {
        if (!isDead) this.writer.act();
        die(call, isBefore);
      },
      after: (call) => die(call, !isBefore),
    });
    const end = await run({
      ...this.context(),
      files,
      check: { writers: (look) => step(() => this.shown(look)) },
    }).catch((error) => ({ outcome: "died", reason: String(error) }));
    this.log.push(`${end.outcome}: ${end.reason}`);
  }

  context(): ClaimContext {
    return {
      files: nodeFiles(),
      check: { writers: (look) => this.shown(look) },
      now: () => this.now,
      randomId: () => (++this.#ids).toString(16).padStart(16, "0"),
    };
  }

  async shown({ identity }: { identity: string }): Promise<"nobody" | "somebody" | "unknown"> {
    if (!this.shows) return "unknown";
    return this.writer.hasOpen(identity) ? "somebody" : "nobody";
  }

  parts() {
    return Array.fromAsync(claimRule.heldParts(nodeFiles(), this.root, {}));
  }
}

async function run(seed: number): Promise<void> {
  await using folder = await temporaryInMemory();
  const schedule = new Schedule(folder.path, seed);
  const { root, place, writer, random } = schedule;
  await mkdir(`${root}/p`);
  await writeFile(place, ARCHIVED, { mode: 0o600 });
  const look = await nodeFiles().look(place);
  if (!look) throw new Error("There is no file.");
  await schedule.run((ctx) => claimRule.claim(ctx, [{ root, path: "p/s.jsonl", look, ...extent(ARCHIVED) }], {}));
  for (let later = 0; later < 3; later++) {
    const parts = await schedule.parts();
    if (parts.length === 0) break;
    // Less than a day in all: after that, a descriptor that nothing shows may lose its file.
    schedule.now += Math.floor(random() * 8) * HOUR;
    const isEnd = random() < 0.5;
    await schedule.run((ctx) =>
      isEnd ? claimRule.finish(ctx, parts, extent(ARCHIVED), {}) : claimRule.putBack(ctx, parts, {}),
    );
  }
  writer.closeAll();
  for (let quiet = 0; quiet < 6; quiet++) {
    const parts = await schedule.parts();
    if (parts.length === 0) break;
    schedule.now += 25 * HOUR;
    await claimRule.finish(schedule.context(), parts, extent(ARCHIVED), {});
  }
  const content = await readFile(place, "utf8").catch(() => "");
  const whole = content.startsWith(ARCHIVED) ? content : ARCHIVED + content;
  const found = whole.slice(ARCHIVED.length).split(/(?<=\n)/);
  const what = JSON.stringify({ seed, shows: schedule.shows, log: schedule.log, content });
  expect(found.filter(Boolean).sort(), what).toEqual([...writer.lines].sort());
  expect(await schedule.parts(), what).toEqual([]);
}

test(`${SCHEDULES} schedules from seed ${SEED} on`, async () => {
  for (let seed = SEED; seed < SEED + SCHEDULES; seed++) await run(seed);
});
