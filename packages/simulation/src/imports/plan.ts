/** The parts of one schedule of imports. They are data, so that they can be printed. */
import type { Write } from "@session-archiver/conformance/faults";
import { below, oneOf, type Random, seeded } from "@session-archiver/test-kit/random";

export type ImportsActor =
  | "author"
  | "importer"
  | "writer"
  | "reader"
  | "archiver"
  | "restorer"
  | "settler"
  | "sweeper"
  | "collector"
  | "pruner";

export interface ImportsActorPlan {
  readonly kind: ImportsActor;
  readonly rounds: number;
  readonly seed: number;
  /** Stands still at this step of its own, or before the next write of a kind, while the others continue. */
  readonly stallsAt?: number | Write;
  /** Its process dies at this one of its own steps. */
  readonly diesAt?: number;
}

export interface ImportsPhase {
  readonly actors: readonly ImportsActorPlan[];
  /** The power is cut this many steps after the phase began. */
  readonly cutAfter?: number;
}

export interface ImportsPlan {
  readonly seed: number;
  readonly switchChance: number;
  readonly faultPercent: number;
  /** The session's state at first; "none": only its source exists. */
  readonly start: "none" | "live" | "archived" | "resumed" | "pruned";
  readonly sidecar: boolean;
  /** Whether every tail is archived in a part of its own. */
  readonly smallParts: boolean;
  readonly phases: readonly ImportsPhase[];
}

const OTHERS: readonly [ImportsActor, ...ImportsActor[]] = [
  "importer",
  "importer",
  "writer",
  "reader",
  "archiver",
  "restorer",
  "settler",
  "settler",
  "sweeper",
  "collector",
  "pruner",
];

/** Steps at which an importer's work is half done. The others then meet it. */
const STALLS: readonly [Write, ...Write[]] = ["objects.put", "blobs.create", "blobs.append", "archives.put"];

export function importsPlanOf(seed: number): ImportsPlan {
  const random = seeded(Math.imul(seed, 0x9e3779b1) ^ 0x7f4a7c15);
  const faultPercent = random() < 0.25 ? 3 : 0;
  const phases: ImportsPhase[] = [];
  for (let count = 1 + below(random, 2); count > 0; count--) {
    const actors = [actorOf(random, "author"), actorOf(random, "importer")];
    for (let others = 1 + below(random, 3); others > 0; others--)
      actors.push(actorOf(random, otherOf(random, faultPercent)));
    phases.push({ actors, ...(random() < 0.15 ? { cutAfter: 5 + below(random, 120) } : {}) });
  }
  return {
    seed,
    switchChance: oneOf(random, [0.08, 0.08, 0.25, 0.5]),
    faultPercent,
    start: oneOf(random, ["none", "live", "live", "archived", "archived", "resumed", "pruned"]),
    sidecar: random() < 0.3,
    phases,
    smallParts: random() < 0.5,
  };
}

/** With other writers at work, it is unknown whether an append that ended with UNAVAILABLE was done. */
function otherOf(random: Random, faultPercent: number): ImportsActor {
  const other = oneOf(random, OTHERS);
  return other === "writer" && faultPercent > 0 ? "reader" : other;
}

function actorOf(random: Random, kind: ImportsActor): ImportsActorPlan {
  const stalls = random() < 0.3;
  return {
    kind,
    rounds: 1 + below(random, 3),
    seed: below(random, 2 ** 31),
    ...(stalls ? { stallsAt: random() < 0.5 ? 1 + below(random, 40) : oneOf(random, STALLS) } : {}),
    ...(random() < 0.08 ? { diesAt: 1 + below(random, 60) } : {}),
  };
}
