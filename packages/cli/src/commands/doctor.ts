import { daysArgument } from "../arguments.js";
import type { AddCommand, AloneContext } from "../command.js";
import type { Finding } from "../doctor/finding.js";
import type { Seen } from "../doctor/look.js";
import { EXIT } from "../exit.js";
import { formatSize } from "../output/sizes.js";
import { count, printable } from "../output/text.js";
import { UsageError } from "../usage-error.js";

interface Options {
  readonly repair?: true;
  readonly dryRun?: true;
  readonly quick?: true;
  readonly grace?: number;
}

/** What `doctor --json` prints. */
export interface DoctorDocument {
  /** Whether there is neither a warning nor damage. */
  readonly healthy: boolean;
  /** What was done, or would be. */
  readonly repairs: readonly string[];
  /** What there is now: after the repairs, if there were any. */
  readonly findings: readonly Omit<Finding, "repair">[];
}

/** A repair may bring other things to light: an archive that a rebuilt catalogue knows again may be damaged. */
const MOST_ROUNDS = 4;

export const addDoctor: AddCommand = (program, action) => {
  program
    .command("doctor")
    .description("say what is wrong with sessions, archives and their places, and how to mend it")
    .option("--repair", "do what is safe about it, and say so first: nothing is deleted")
    .option("--dry-run", "with --repair: only say what it would do")
    .option("--quick", "don't read the archives: damage within them is not found")
    .option("--grace <days>", "leave archive files alone that are younger (default: 1)", daysArgument)
    .addHelpText("after", "\nExit codes: 0 healthy, 3 mended, 1 something is wrong.")
    .hook("preAction", (_, command) => {
      const { repair, dryRun } = command.opts<Options>();
      if (dryRun && !repair) throw new UsageError("--dry-run shows what --repair would do: give both, or neither.");
    })
    .action(action.alone(doctor));
};

async function doctor(alone: AloneContext, options: Options): Promise<number> {
  const { output } = alone;
  // They bring the adapters with them, which the help does not need.
  const [{ lookAround }, { run, stepsFor }] = await Promise.all([
    import("../doctor/look.js"),
    import("../doctor/mend.js"),
  ]);
  let seen = await lookAround(alone, options);
  const repairs: string[] = [];
  const wasHealthy = isHealthy(seen);
  for (let round = 0; options.repair && round < MOST_ROUNDS; round++) {
    const steps = stepsFor(seen, alone);
    if (steps.length === 0) break;
    for (const { severity, message } of seen.filter(isTrouble)) output.note(`${severity}: ${inUnits(message)}`);
    for (const { plan } of steps) output.note(`will: ${plan}`);
    if (options.dryRun) {
      repairs.push(...steps.map(({ plan }) => plan));
      break;
    }
    for (const step of steps) {
      const done = await run(step);
      repairs.push(done);
      for (const [n, line] of done.split("\n").entries()) output.note(`${n === 0 ? "did:" : "    "} ${line}`);
    }
    const before = JSON.stringify(seen.map(({ kind, message }) => [kind, message]));
    seen = await lookAround(alone, options);
    if (JSON.stringify(seen.map(({ kind, message }) => [kind, message])) === before) break;
  }
  const healthy = isHealthy(seen);
  const document: DoctorDocument = { healthy, repairs, findings: seen.map(published) };
  const canRepair = !options.repair && stepsFor(seen, alone).length > 0;
  await output.result(document, () => textOf(seen, healthy, canRepair));
  if (!healthy) return EXIT.failed;
  return wasHealthy ? EXIT.ok : EXIT.mended;
}

function isTrouble({ severity }: Finding): boolean {
  return severity !== "note";
}

function isHealthy(seen: readonly Finding[]): boolean {
  return !seen.some(isTrouble);
}

function published({ kind, severity, message, sessions, remedy }: Seen): Omit<Finding, "repair"> {
  return { kind, severity, message, sessions, remedy };
}

/** Of what is held aside, the message names as many sessions as people want to read of. */
function textOf(seen: readonly Finding[], healthy: boolean, canRepair: boolean): string {
  const order = ["damage", "warning", "note"];
  const sorted = seen.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const lines = sorted.flatMap(({ kind, severity, message, sessions, remedy }) => [
    `${severity}: ${printable(inUnits(message))}`,
    ...(kind !== "held-aside" && sessions.some((id) => !message.includes(`"${id}"`))
      ? [`  sessions: ${sessions.map(printable).join(", ")}`]
      : []),
    ...(remedy === null ? [] : [`  mend it: ${printable(remedy)}`]),
  ]);
  const troubles = seen.filter(isTrouble).length;
  const hint = canRepair ? " `doctor --repair` does what is safe; with --dry-run it only says what that is." : "";
  return [...lines, healthy ? "Healthy." : `${count(troubles, "thing")} to mend.${hint}`].join("\n");
}

/** The library counts bytes, people read kB and MB. */
function inUnits(message: string): string {
  return message.replace(/\b(\d{4,15}) bytes\b/g, (_, bytes: string) => formatSize(Number(bytes)));
}
