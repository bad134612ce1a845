/** The parts of one schedule. They are data, so that they can be printed and made smaller. */
import type { Write } from "@session-archiver/conformance/faults";
import { below, oneOf, type Random, seeded } from "@session-archiver/test-kit/random";

export type ActorKind =
  | "writer"
  | "reader"
  | "archiver"
  | "restorer"
  | "settler"
  | "sweeper"
  | "collector"
  | "pruner"
  | "purger";

export interface ActorPlan {
  readonly kind: ActorKind;
  /** How often it does its work; for a writer, the number of lines. */
  readonly rounds: number;
  /** Seed of its own decisions. */
  readonly seed: number;
  /** Where it stands still while the others continue: each at one of its own steps, or before the next write of a kind. */
  readonly stallsAt?: readonly (number | Write)[];
  /** Its process dies at this one of its own steps. A writer's host then starts another. */
  readonly diesAt?: number;
}

export interface Phase {
  readonly actors: readonly ActorPlan[];
  /** The power is cut this many steps after the phase began. */
  readonly cutAfter?: number;
}

export interface Plan {
  readonly seed: number;
  /** How often the scheduler switches to another process. */
  readonly switchChance: number;
  /** How many port calls in a hundred fail. */
  readonly faultPercent: number;
  readonly clockJumps: boolean;
  /** Whether the store keeps the sum of its archives' bytes. */
  readonly keepsSum: boolean;
  /** Whether every tail is archived in a part of its own. */
  readonly smallParts: boolean;
  /** The session's state at first. */
  readonly start: "live" | "archived" | "resumed" | "pruned" | "restored";
  readonly sidecar: boolean;
  readonly phases: readonly Phase[];
  /** Whether the session is also restored at the end, or pruned and purged. */
  readonly ending: "rest" | "restore" | "purge";
}

const KINDS: readonly [ActorKind, ...ActorKind[]] = [
  "reader",
  "archiver",
  "archiver",
  "archiver",
  "restorer",
  "restorer",
  "restorer",
  "settler",
  "sweeper",
  "collector",
  "collector",
  "pruner",
];

/** Actors that collide if each stands still at the right moment. Where that moment is known, it is given. */
type Member = readonly [kind: ActorKind, ...stallsAt: (number | Write)[]];
const TEAMS: readonly [readonly Member[], ...(readonly Member[])[]] = [
  [["archiver"], ["collector"], ["collector"]],
  [["restorer"], ["restorer"], ["archiver"], ["writer"]],
  [
    ["archiver", "archives.put", "objects.put"],
    ["archiver", "objects.put"],
    ["collector", "archives.delete"],
    ["collector", 0, "archives.delete"],
  ],
];

/** A plan for each seed: few actors, so that it is cheap, and other ones each time. */
export function planOf(seed: number): Plan {
  const random = seeded(Math.imul(seed, 0x9e3779b1));
  const chance = (percent: number): boolean => random() * 100 < percent;
  const hasPower = !chance(12);
  const first: Phase = {
    actors: actorsOf(random, chance(10)),
    ...(hasPower ? {} : { cutAfter: 5 + below(random, 150) }),
  };
  const second: Phase = {
    actors: [actorOf(random, "writer"), actorOf(random, "settler"), actorOf(random, oneOf(random, KINDS))],
    ...(chance(30) ? { cutAfter: 5 + below(random, 60) } : {}),
  };
  const third: Phase = { actors: [actorOf(random, oneOf(random, ["sweeper", "archiver", "restorer", "settler"]))] };
  return {
    seed,
    switchChance: oneOf(random, [0.08, 0.08, 0.08, 0.03, 0.25, 0.5]),
    faultPercent: chance(25) ? 3 : 0,
    clockJumps: chance(20),
    keepsSum: chance(50),
    start: oneOf(random, ["live", "archived", "archived", "resumed", "pruned", "restored"]),
    sidecar: chance(40),
    phases: hasPower ? [first] : [first, second, third],
    ending: oneOf(random, ["rest", "rest", "rest", "rest", "restore", "purge"]),
    smallParts: chance(50),
  };
}

function actorsOf(random: Random, purges: boolean): readonly ActorPlan[] {
  if (random() < 0.1) {
    return oneOf(random, TEAMS).map(([kind, ...stallsAt]) => ({
      ...actorOf(random, kind, 0.7),
      ...(stallsAt.length > 0 && { stallsAt }),
    }));
  }
  const actors: ActorPlan[] = random() < 0.9 ? [actorOf(random, "writer")] : [];
  const others = 2 + below(random, 3);
  for (let i = 0; i < others; i++) actors.push(actorOf(random, oneOf(random, KINDS)));
  if (purges) actors.push(actorOf(random, "purger"));
  return actors;
}

function actorOf(random: Random, kind: ActorKind, stalls = 0.3): ActorPlan {
  return {
    kind,
    rounds: kind === "writer" ? 1 + below(random, 4) : 1 + below(random, 2),
    seed: below(random, 2 ** 31),
    ...(random() < stalls ? { stallsAt: [1 + below(random, 40)] } : {}),
    ...(random() < 0.06 ? { diesAt: 1 + below(random, 60) } : {}),
  };
}
