/** One store, processes that work on it, and their sudden ends. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bringToRest } from "./at-rest.js";
import { makeOutputs } from "./make-outputs.js";
import { type Observer, observe, type SessionPlan } from "./observer.js";
import { type Program, type Running, startChild } from "./process.js";
import type { Role, StoreModule } from "./protocol.js";
import { seeded } from "./random.js";
import type { KillCounter } from "./report.js";
import type { Weakness } from "./weaken.js";

export interface WorldOptions {
  /** URL of the module that opens the store. */
  readonly open: string;
  /** An empty folder for this world alone. */
  readonly directory: string;
  readonly program: Program;
  readonly seed: number;
  readonly kills: number;
  /** The defect of the child processes' store: see `weaken.ts`. */
  readonly weakness?: Weakness | undefined;
  /** Remains in a closed store that nothing will ever use, after the remains of crashes had time to age. */
  readonly leftovers: (directory: string) => Promise<readonly string[]>;
}

/** Longest life of a process, ms, once it has begun its work. */
const LONGEST_LIFE_MS = 60;
/** The roles that work at the same time: one role of each slot. */
const SLOTS: readonly (readonly Role[])[] = [
  ["appender"],
  ["archiver", "archiver", "sweeper"],
  ["pruner", "pruner", "collector", "sweeper"],
];
const WRITTEN = ["chat/1", "Chat/1", "claude-code/-home-a b/21a2e002-7d4e-4a53-9a3f-0123456789ab", "ü/…"];
const PRUNED = ["old/1", "old/2"];

/** Kills processes, and checks every session after each kill. Rejects if one is wrong, and says how. */
export async function runWorld(options: WorldOptions, counter: KillCounter): Promise<void> {
  const { directory, kills } = options;
  const random = seeded(options.seed);
  const store = join(directory, "store");
  await mkdir(store, { recursive: true });
  const plans = [...WRITTEN, ...PRUNED].map(
    (id, index): SessionPlan => ({
      id,
      output: join(directory, `output-${index}.jsonl`),
      writer: PRUNED.includes(id) ? "pruner" : "appender",
    }),
  );
  await makeOutputs(
    plans.map(({ output }) => output),
    random,
  );
  const { openStore } = (await import(options.open)) as StoreModule;
  const opened = await openStore(store);
  const observer = observe(plans, opened);
  const { running, start, kill } = processes(options, observer, counter);
  const check = async (): Promise<void> => {
    const alive = [...running.values()].map(({ config }) => config.role as Role);
    const catchUp = (): void => {
      for (const child of running.values()) observer.take(child.notes());
    };
    counter.checked(await observer.check(alive, catchUp));
  };
  const all = [...SLOTS.keys()];
  const startIn = (slot: number): void => start(slot, random.pick(SLOTS[slot] ?? []), random.below(2 ** 31));
  try {
    all.forEach(startIn);
    for (let killed = 0; killed < kills; ) {
      const victims = random.chance(0.2) ? all : [random.pick(all)];
      const life = random.below(LONGEST_LIFE_MS);
      const inItsStart = random.chance(0.1);
      if (!inItsStart) await Promise.all(victims.map((slot) => running.get(slot)?.ready));
      await sleep(life);
      await Promise.all(victims.map(kill));
      killed += victims.length;
      await check();
      victims.forEach(startIn);
    }
    await Promise.all(all.map(kill));
    await bringToRest(
      opened,
      plans.map(({ id }) => id),
      check,
    );
  } finally {
    await Promise.allSettled([...running.keys()].map(kill));
    await opened.close();
  }
  const left = await options.leftovers(store);
  if (left.length > 0) throw new Error(`Left over in the store: ${left.join(", ")}`);
}

interface Processes {
  /** The children, by slot. */
  readonly running: ReadonlyMap<number, Running>;
  start(slot: number, role: Role, seed: number): void;
  kill(slot: number): Promise<void>;
}

function processes(options: WorldOptions, observer: Observer, counter: KillCounter): Processes {
  const { directory, program, weakness } = options;
  const running = new Map<number, Running>();
  let started = 0;
  return {
    running,
    start(slot, role, seed) {
      const log = join(directory, `log-${started++}.jsonl`);
      const sessions = observer.sessionsFor(role);
      const config = { role, seed, weakness, log, sessions, directory: join(directory, "store") };
      running.set(slot, startChild(config, program));
    },
    async kill(slot) {
      const child = running.get(slot);
      if (!child) return;
      const failure = await child.kill().then(
        () => undefined,
        (error: unknown) => error,
      );
      running.delete(slot);
      const notes = child.notes();
      observer.take(notes);
      const failed = notes.find((note) => note.note === "failed");
      if (failed?.note === "failed") throw new Error(`${child.config.role}, ${failed.work}: ${failed.message}`);
      if (failure) throw failure;
      counter.killed(notes);
    },
  };
}
