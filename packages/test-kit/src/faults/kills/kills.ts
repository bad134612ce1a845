/** Many kills, in one store after the other. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleIn } from "./bundle.js";
import { type Program, startChild } from "./process.js";
import { type KillReport, killCounter } from "./report.js";
import { runWorld, type WorldOptions } from "./world.js";

/** The number of kills for each backend. It is a sample; `SESSION_ARCHIVER_KILLS` overrides it. */
export const KILLS: number = Number(process.env["SESSION_ARCHIVER_KILLS"] ?? 120);
/** The seed of the first store: `SESSION_ARCHIVER_KILL_SEED`. */
export const KILL_SEED: number = Number(process.env["SESSION_ARCHIVER_KILL_SEED"] ?? Date.now() % 1_000_000);
const KILLS_A_STORE = 40;

export type KillOptions = Pick<WorldOptions, "open" | "leftovers" | "weakness"> & { readonly kills: number };

/** Rejects if anything was lost, and says what, and how to repeat the run. */
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

/** Only processes that end normally save their compiled code. So one does here. */
async function warmUp(program: Program, directory: string): Promise<void> {
  const store = join(directory, "none");
  await mkdir(store);
  const config = { directory: store, role: "none", seed: 0, sessions: [] } as const;
  await startChild({ ...config, log: join(directory, "none.jsonl") }, program).done();
}

function failureText(cause: unknown, seed: number, { kills }: KillReport): string {
  const what = cause instanceof Error ? cause.message : String(cause);
  // The same processes do the same work, but the machine decides how far they get, so it may take several runs.
  return `After ${kills} kills: ${what}\nAgain: SESSION_ARCHIVER_KILL_SEED=${seed} SESSION_ARCHIVER_KILLS=${KILLS}`;
}
