/** Core under simulation, from the command line: `npm run simulate -- --schedules 100000 --seed 1`. */
import { parseArgs } from "node:util";
import type { Kind } from "./processes/job.js";
import { runSchedules } from "./processes/processes.js";

const USAGE = `Usage: npm run simulate -- [options] [session|imports|stores|foreign ...]

Runs schedules on simulated disks, of each kind that is named (all four if none is), and prints the first that
fails, made as small as it can be.

Options:
  --schedules <n>  how many of each kind (default 1)
  --seed <n>       the first of them (default 1)

Exit codes: 0 nothing was lost, 1 a schedule failed, 2 nothing was run.`;

const KINDS: readonly Kind[] = ["session", "imports", "stores", "foreign"];

interface Job {
  readonly kinds: readonly Kind[];
  readonly schedules: number;
  readonly seed: number;
}

function jobOf(args: readonly string[]): Job {
  const options = { schedules: { type: "string", default: "1" }, seed: { type: "string", default: "1" } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const kinds = positionals.map((name) => {
    const kind = KINDS.find((each) => each === name);
    if (!kind) throw new Error(`There is no kind "${name}" of schedules.`);
    return kind;
  });
  return {
    kinds: kinds.length > 0 ? kinds : KINDS,
    schedules: countOf("--schedules", values.schedules),
    seed: countOf("--seed", values.seed),
  };
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new Error(`${option} must be a whole number of at least 1, is "${text}".`);
}

/** Gives the exit code. */
async function run({ kinds, seed, schedules }: Job): Promise<number> {
  let code = 0;
  for (const kind of kinds) {
    const { steps, failure, ...done } = await runSchedules({ kind, seed, schedules });
    if (failure) {
      console.log(`FAIL  ${kind}, seed ${failure.seed}: ${failure.message}\n${failure.details}`);
      console.log(`to see it again: npm run simulate -- ${kind} --seed ${failure.seed}`);
      code = 1;
    }
    console.log(`${done.schedules} schedules of ${kind}, ${steps} steps${failure ? "" : ": nothing was lost"}`);
  }
  return code;
}

try {
  process.exitCode = await run(jobOf(process.argv.slice(2)));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 2;
}
