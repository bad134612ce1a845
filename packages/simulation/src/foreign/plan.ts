/** The parts of one schedule of files that other programs write. They are data, so that they can be printed. */
import { below, oneOf, type Random, seeded } from "@session-archiver/test-kit/random";

/**
 * W1 opens, appends and closes each time. W2 holds an open file under a lock. W3 replaces by rename. W4 rewrites in place. W5 holds
 * an open file that nobody can see.
 */
export type WriterKind = "W1" | "W2" | "W3" | "W4" | "W5";

export type ForeignActor = WriterKind | "sweeper" | "restorer" | "clock";

export interface ForeignActorPlan {
  readonly kind: ForeignActor;
  /** The file of the unit that it works on. */
  readonly file: number;
  readonly rounds: number;
  readonly seed: number;
  /** Stands still at this step of its own, while the others continue. */
  readonly stallsAt?: number;
  /** The same before its first, second, … call of this kind. */
  readonly stallsBefore?: Call;
  readonly stallsAtCall?: number;
  /** Its process dies at this one of its own steps. */
  readonly diesAt?: number;
}

/** Calls before which a run of ours has decided what it does next. */
export type Call = "unlink" | "rename" | "link" | "write" | "writers";

export interface ForeignPlan {
  readonly seed: number;
  readonly switchChance: number;
  readonly faultPercent: number;
  /** Whether the files lie in their places at first, or were taken a day ago while W5 had them open. */
  readonly begins: "placed" | "held";
  /** How many files the unit has. */
  readonly files: number;
  /** Whether the machine shows which processes have a file open. */
  readonly shows: boolean;
  /** How long the disk's clock stands still, in ms. */
  readonly grainMs: number;
  readonly actors: readonly ForeignActorPlan[];
  /** The power is cut after this many steps. */
  readonly cutAfter?: number;
  /** Whether the runs at the end take the files away again, or only finish what was begun. */
  readonly ending: "frees" | "finishes";
}

const CALLS: readonly [Call, ...Call[]] = ["unlink", "unlink", "rename", "link", "write", "writers"];

/** A writer that only appends has rather more of the schedules: the law is strictest for it. */
const WRITERS: readonly [WriterKind, ...WriterKind[]] = ["W1", "W1", "W1", "W2", "W2", "W3", "W4", "W4", "W5", "W5"];

export function foreignPlanOf(seed: number): ForeignPlan {
  const random = seeded(Math.imul(seed, 0x9e3779b1) ^ 0x2545f491);
  const files = random() < 0.75 ? 1 : 2;
  const actors: ForeignActorPlan[] = [actorOf(random, "sweeper", files)];
  for (let count = 1 + below(random, 2); count > 0; count--)
    actors.push(actorOf(random, oneOf(random, WRITERS), files));
  if (random() < 0.25) actors.push(actorOf(random, "sweeper", files));
  if (random() < 0.2) actors.push(actorOf(random, "restorer", files));
  if (random() < 0.7) actors.push(actorOf(random, "clock", files));
  return {
    seed,
    switchChance: oneOf(random, [0.08, 0.08, 0.25, 0.5]),
    faultPercent: random() < 0.2 ? 3 : 0,
    begins: random() < 0.15 ? "held" : "placed",
    files,
    shows: random() < 0.5,
    grainMs: oneOf(random, [1, 10, 1000]),
    actors,
    ...(random() < 0.15 ? { cutAfter: 20 + below(random, 200) } : {}),
    ending: random() < 0.5 ? "frees" : "finishes",
  };
}

function actorOf(random: Random, kind: ForeignActor, files: number): ForeignActorPlan {
  // A program has few steps of its own.
  const most = kind === "sweeper" || kind === "restorer" ? 70 : 10;
  return {
    kind,
    file: below(random, files),
    rounds: 1 + below(random, kind === "sweeper" ? 3 : 5),
    seed: below(random, 2 ** 31),
    ...(random() < 0.25 ? { stallsAt: 1 + below(random, most) } : {}),
    ...(random() < 0.4 ? { stallsBefore: oneOf(random, CALLS), stallsAtCall: 1 + below(random, 3) } : {}),
    ...(random() < 0.1 ? { diesAt: 1 + below(random, most) } : {}),
  };
}

/** Two processes of ours at once lose nothing. But a file may come to have two contents, or stay aside. */
export function wereTogether({ actors }: Pick<ForeignPlan, "actors">): boolean {
  return actors.filter(({ kind }) => kind === "sweeper" || kind === "restorer").length > 1;
}
