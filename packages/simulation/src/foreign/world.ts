/** What the actors of one schedule share. */
import { type FilesDisk, type Inode, simulatedFiles } from "@session-archiver/test-kit/simulated-files";
import { createArchive, type SimulatedArchive } from "./archive.js";
import { createLedger, type Ledger } from "./ledger.js";
import { bytesOfText, HEAD } from "./lines.js";
import { type ForeignPlan, wereTogether } from "./plan.js";

export const ROOT = "/home/dev/.agent/sessions";
const START_MS: number = Date.UTC(2026, 0, 31);
const HOUR_MS = 3_600_000;

export interface ForeignWorld {
  readonly disk: FilesDisk;
  readonly archive: SimulatedArchive;
  readonly ledger: Ledger;
  /** The unit's files, relative to the root. */
  readonly paths: readonly string[];
  /** Those that W2 holds a lock for. */
  readonly locks: Set<string>;
  /** Files that a program has replaced by others: what is written to them since is lost by that. */
  readonly replaced: Set<Inode>;
  /** Lines that W1 wrote to a file that was no longer in its place. They may come behind later ones. */
  readonly late: Set<string>;
  /** Processes that are in the middle of something that never takes a day. */
  readonly busy: Set<number>;
  readonly shows: boolean;
  /** The process that has the step. */
  acting: number;
  /** The first thing that was wrong. It is kept, because the rule under test may catch an error. */
  failure(): Error | undefined;
  /** Processes of ours. */
  readonly ours: Set<number>;
  now(): number;
  pass(hours: number): void;
  /** The kind of program that wrote a line. */
  writerOf(line: string): string | undefined;
  newLine(process: number): string;
  newId(): string;
}

export function createForeignWorld(plan: ForeignPlan): ForeignWorld {
  let time = START_MS;
  let lines = 0;
  let ids = 0;
  let failure: Error | undefined;
  const fail = (message: string): never => {
    failure ??= new Error(message);
    throw failure;
  };
  const ours = new Set<number>();
  const archive = createArchive();
  const disk = simulatedFiles({
    now: () => time,
    grainMs: plan.grainMs,
    observer: {
      nameless: () => ledger.check("A file has lost its last name"),
      replaced(inode) {
        if (ours.has(world.acting)) fail(`We renamed over a file of ${inode.bytes.length} bytes.`);
        world.replaced.add(inode);
      },
    },
  });
  const kindOf = (line: string): string | undefined => plan.actors[Number(/^w(\d+)\./.exec(line)?.[1])]?.kind;
  const ledger = createLedger({
    disk,
    archive,
    isOurs: (process) => ours.has(process),
    // The disk may refuse the last bytes of a file that has lost its name, or another run may remove the folder for them.
    excuses: (line) => kindOf(line) === "W5" && (plan.faultPercent > 0 || wereTogether(plan)),
    fail,
  });
  const hidesWriters = plan.actors.some(({ kind }) => kind === "W5");
  const world: ForeignWorld = {
    disk,
    archive,
    ledger,
    paths: Array.from({ length: plan.files }, (_, n) => `project/s${n}.jsonl`),
    locks: new Set(),
    replaced: new Set(),
    late: new Set(),
    busy: new Set(),
    shows: plan.shows && !hidesWriters,
    acting: -1,
    failure: () => failure,
    ours,
    now: () => time++,
    pass(hours) {
      time += hours * HOUR_MS;
    },
    writerOf: kindOf,
    newLine: (process) => `w${process}.${String(lines++).padStart(4, "0")}\n`,
    newId: () => (++ids).toString(16).padStart(16, "0"),
  };
  for (const path of world.paths) {
    const line = world.newLine(99);
    const file = disk.writerFiles(-1).open(`${ROOT}/${path}`, true);
    file?.append(bytesOfText(HEAD + line));
    file?.close();
    ledger.wrote(line, path);
  }
  return world;
}
