/** Many kills, in one store after the other. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleIn } from "./bundle.js";
import { type Program, startChild } from "./process.js";
import { type KillReport, killCounter } from "./report.js";
import { runWorld, type WorldOptions } from "./world.js";

/** A sample; `SESSION_ARCHIVER_KILLS` asks for another number, of each backend. */
export const KILLS: number = Number(process.env["SESSION_ARCHIVER_KILLS"] ?? 120);
/** `SESSION_ARCHIVER_KILL_SEED`: that of the first store. */
export const KILL_SEED: number = Number(process.env["SESSION_ARCHIVER_KILL_SEED"] ?? Date.now() % 1_000_000);
const KILLS_A_STORE = 40;

export type KillOptions = Pick<WorldOptions, "open" | "leftovers" | "weakness"> & { readonly kills: number };

/** Rejects with what was lost, and how to look for it again. */
export async function runKills({ kills, ...options }: KillOptions): Promise<KillReport> {
  const directory = await mkdtemp(join(tmpdir(), "session-archiver-kills-"));
  const counter = killCounter();
  try {
    const bundle = await bundleIn(join(directory, "bundle"), options.open);
    const program = { ...bundle, cache: join(directory, "cache") };
    await warmUp(program, directory);
    for (let world = 0; counter.report().kills < kills; world++) {
      const seed = KILL_SEED + world;
      const part = { directory: join(directory, `world-${world}`), seed, kills: Math.min(KILLS_A_STORE, kills) };
      await runWorld({ ...options, ...part, program }, counter).catch((cause: unknown) => {
        throw new Error(failureText(cause, seed, counter.report()), { cause });
      });
      await rm(part.directory, { recursive: true, force: true });
    }
    return counter.report();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Compiled code is kept by processes that end in peace: here one does. */
async function warmUp(program: Program, directory: string): Promise<void> {
  const store = join(directory, "none");
  await mkdir(store);
  const config = { directory: store, role: "none", seed: 0, sessions: [] } as const;
  await startChild({ ...config, log: join(directory, "none.jsonl") }, program).done();
}

function failureText(cause: unknown, seed: number, { kills }: KillReport): string {
  const what = cause instanceof Error ? cause.message : String(cause);
  // The same processes do the same things, but the machine decides how far they get: it may take several runs.
  return `After ${kills} kills: ${what}\nAgain: SESSION_ARCHIVER_KILL_SEED=${seed} SESSION_ARCHIVER_KILLS=${KILLS}`;
}
