/** The parts of one schedule of stores. They are data, so that they can be printed and made smaller. */
import { below, oneOf, type Random, seeded } from "@session-archiver/test-kit/random";

/** A keeper's next work, on one session or on its whole store. */
export type Work =
  | "archive"
  | "restore"
  | "restoreKept"
  | "prune"
  | "undo"
  | "settle"
  | "pin"
  | "unpin"
  | "remove"
  | "sweep"
  | "purge"
  | "gc"
  | "catchUp"
  | "read";

/** A process on one catalogue. */
export interface Worker {
  readonly catalogue: number;
  /** Its works, each on the session with this number. A host (`write`) only writes; each catalogue has one host at a time. */
  readonly works: readonly (readonly [work: Work | "write", session: number])[];
  /** Its process dies at this one of its own steps. */
  readonly diesAt?: number;
}

/** What happens to a catalogue. All processes on it end. */
export type Turn =
  | { readonly kind: "lost"; readonly catalogue: number }
  | { readonly kind: "cloned"; readonly catalogue: number }
  /** To the state after an earlier effect; `to` is its place, in thousandths of all effects. */
  | { readonly kind: "setBack"; readonly catalogue: number; readonly to: number }
  | { readonly kind: "swapped"; readonly catalogue: number; readonly with: number }
  | { readonly kind: "none"; readonly catalogue: number };

export interface Round {
  readonly workers: readonly Worker[];
  /** The turn comes after this many steps of the round, or when all workers have ended. */
  readonly turnAfter?: number;
  readonly turn: Turn;
}

export interface StoresPlan {
  readonly seed: number;
  readonly switchChance: number;
  readonly faultPercent: 0;
  /** Whether every tail is archived in a part of its own. */
  readonly smallParts: boolean;
  /** The sink of each catalogue that exists at first. */
  readonly sinks: readonly number[];
  readonly sessions: number;
  readonly rounds: readonly Round[];
}

export const MOST_CATALOGUES = 3;

const WORKS: readonly [Work, ...Work[]] = [
  "archive",
  "archive",
  "archive",
  "archive",
  "restore",
  "restore",
  "restoreKept",
  "prune",
  "prune",
  "prune",
  "undo",
  "undo",
  "settle",
  "pin",
  "unpin",
  "remove",
  "sweep",
  "sweep",
  "purge",
  "purge",
  "purge",
  "gc",
  "gc",
  "gc",
  "gc",
  "catchUp",
  "read",
];

export function storesPlanOf(seed: number): StoresPlan {
  const random = seeded(Math.imul(seed, 0x9e3779b1) ^ 0x51ed270b);
  if (random() < 0.12) return takenBackOf(seed, random);
  const sinks = oneOf<readonly number[]>(random, [[0], [0], [0], [0, 0], [0, 1], [0, 0, 1]]);
  const lot = random();
  const isCalm = lot < 0.2;
  const isMortal = lot >= 0.08;
  let catalogues = sinks.length;
  const rounds: Round[] = [];
  const count = 2 + below(random, 4);
  const sessions = 1 + below(random, 2);
  for (let i = 0; i < count; i++) {
    const turn = isCalm || i === count - 1 ? ({ kind: "none", catalogue: 0 } as const) : turnOf(random, catalogues);
    const workers = workersOf(random, catalogues, sessions, isMortal);
    rounds.push({ workers, ...(random() < 0.5 && isMortal ? { turnAfter: 1 + below(random, 150) } : {}), turn });
    if (turn.kind === "cloned") catalogues++;
  }
  const switchChance = oneOf(random, [0, 0.02, 0.08, 0.25]);
  return { seed, switchChance, faultPercent: 0, sinks, sessions, rounds, smallParts: random() < 0.5 };
}

/**
 * A tombstone is taken back, the catalogue is set back to about that time or was copied before it, and the bytes are given up.
 */
function takenBackOf(seed: number, random: Random): StoresPlan {
  const isCopy = random() < 0.3;
  const back = oneOf(random, ["undo", "undo", "write", "restore"] as const);
  const copied: Turn = { kind: "cloned", catalogue: 0 };
  const setBack: Turn = { kind: "setBack", catalogue: 0, to: 500 + below(random, 500) };
  const none: Turn = { kind: "none", catalogue: 0 };
  const doing = (catalogue: number, ...works: (Work | "write")[]): Worker => ({
    catalogue,
    works: works.map((kind) => [kind, 0] as const),
  });
  const undone = back === "restore" ? doing(0, "undo", "restore") : doing(0, back);
  const rounds: readonly Round[] = [
    { workers: [doing(0, "archive", "prune")], turn: isCopy ? copied : none },
    {
      workers: [undone],
      ...(random() < 0.4 ? { turnAfter: 1 + below(random, 30) } : {}),
      turn: isCopy ? none : setBack,
    },
    { workers: [doing(isCopy ? 1 : 0, oneOf(random, ["gc", "catchUp", "read"]), "purge", "gc")], turn: none },
  ];
  return { seed, switchChance: 0.08, faultPercent: 0, sinks: [0], sessions: 1, rounds, smallParts: random() < 0.5 };
}

function turnOf(random: Random, catalogues: number): Turn {
  const catalogue = below(random, catalogues);
  const kinds: Turn["kind"][] = ["lost", "setBack", "setBack", "setBack"];
  if (catalogues < MOST_CATALOGUES) kinds.push("cloned", "cloned");
  if (catalogues > 1) kinds.push("swapped");
  const kind = kinds[below(random, kinds.length)] ?? "none";
  if (kind === "setBack")
    return { kind, catalogue, to: random() < 0.5 ? below(random, 1000) : 850 + below(random, 150) };
  if (kind === "swapped")
    return { kind, catalogue, with: (catalogue + 1 + below(random, catalogues - 1)) % catalogues };
  return { kind, catalogue };
}

function workersOf(random: Random, catalogues: number, sessions: number, isMortal: boolean): readonly Worker[] {
  const workers: Worker[] = [];
  const mortal = (): { diesAt?: number } => (isMortal && random() < 0.12 ? { diesAt: 1 + below(random, 120) } : {});
  const some = <T>(make: () => T, count: number): T[] => Array.from({ length: count }, make);
  for (let catalogue = 0; catalogue < catalogues; catalogue++) {
    if (random() < 0.75) {
      const works = some(() => ["write", below(random, sessions)] as const, 1 + below(random, 3));
      workers.push({ catalogue, works, ...mortal() });
    }
    const keepers = 1 + below(random, catalogues > 1 ? 1 : 2);
    for (let i = 0; i < keepers; i++) {
      const works = some(() => [oneOf(random, WORKS), below(random, sessions)] as const, 1 + below(random, 5));
      workers.push({ catalogue, works, ...mortal() });
    }
  }
  return workers;
}
