/** One simulated session: its disk, its clock, the lines written to it, and the check of each of its states. */
import { type Archiver, type Meta, OUTPUT, type Ports } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { below, seeded } from "@session-archiver/test-kit/random";
import { type Disk, simulatedDisk } from "@session-archiver/test-kit/simulated-disk";
import { archivedTexts, archivePolicy, contentOf, filesOf, namedKeys } from "../oracle.js";
import type { CreateArchiver } from "../run-seeds.js";
import { storedCodec } from "../stored-codec.js";
import { createLedger, type Ledger } from "./ledger.js";
import type { Plan } from "./plan.js";

export const ID = "s";
export const SIDECAR = "times";

const DAY_MS = 24 * 60 * 60 * 1000;
const START_MS: number = Date.UTC(2026, 0, 31);

export interface World {
  readonly disk: Disk;
  /** The lines written to each file. */
  readonly ledgers: ReadonlyMap<string, Ledger>;
  ledger(name: string): Ledger;
  now(): number;
  /** A generation, or the random part of a key. Never the same twice. */
  newId(): string;
  archiver(ports: Ports): Archiver;
  /** How many tombstones were set so far, and whether one is set now, so that a read may find the session pruned. */
  tombstones(): number;
  isTombstoned(): boolean;
  isPurged(): boolean;
  meta(): Meta;
  /** From now on time passes normally, and long enough for everything to be idle. */
  calm(): void;
}

export function createWorld(plan: Plan, createArchiver: CreateArchiver): World {
  const random = seeded(plan.seed ^ 0x2545f491);
  const ledgers = new Map<string, Ledger>();
  let time = START_MS;
  let jumps = plan.clockJumps;
  let ids = 0;
  let tombstones = 0;

  const now = (): number => {
    if (jumps && random() < 0.05) time += (below(random, 80) - 40) * DAY_MS;
    return time++;
  };
  const checkState = (): void => {
    const gone = namedKeys(meta()).find((key) => !disk.archives.has(key));
    if (gone !== undefined) throw new Error(`The archive object "${gone}" is named, but gone.`);
    for (const [name, ledger] of ledgers) ledger.check(contentOf(disk, ID, name), ledger.mark(), `the stored ${name}`);
  };
  const onPut = (before: Meta | undefined, after: Meta): (() => void) | undefined => {
    if (isSet(after, KEY.prunedAt) && !(before && isSet(before, KEY.prunedAt))) tombstones++;
    if (!before || !isSet(after, KEY.purgedAt) || isSet(before, KEY.purgedAt)) return undefined;
    if (!isSet(before, KEY.prunedAt)) throw new Error("Bytes were given up without a tombstone.");
    const undos = filesOf(before).map((file) => ledgers.get(file.name)?.purge(archivedTexts(disk.archives, file)));
    return () => {
      for (const undo of undos) undo?.();
    };
  };
  const disk = simulatedDisk({ now, onEffect: checkState, onPut });
  const meta = (): Meta => disk.objects.get(ID)?.meta ?? {};
  const newId = (): string => (++ids).toString(16).padStart(16, "0");
  return {
    disk,
    ledgers,
    ledger(name) {
      const ledger = ledgers.get(name) ?? createLedger();
      ledgers.set(name, ledger);
      return ledger;
    },
    now,
    newId,
    archiver: ({ objects: { archiveBytes, ...objects }, blobs, archives }) =>
      createArchiver({
        objects: plan.keepsSum && archiveBytes ? { ...objects, archiveBytes } : objects,
        blobs,
        archives,
        now,
        randomId: newId,
        codec: storedCodec,
        // At the end, a sweep archives restored sessions at once.
        policy: { cooldownDays: 0, ...archivePolicy(plan) },
      }),
    tombstones: () => tombstones,
    isTombstoned: () => isSet(meta(), KEY.prunedAt),
    isPurged: () => isSet(meta(), KEY.purgedAt),
    meta,
    calm() {
      jumps = false;
      time = START_MS + 10 * 365 * DAY_MS;
    },
  };
}

function isSet(meta: Meta, key: string): boolean {
  return Number(meta[key] ?? 0) > 0;
}

/** Makes a session as a host does, with one line in each file. */
export async function makeSession(world: World, withSidecar: boolean): Promise<void> {
  const { objects, blobs } = world.disk.ports;
  await objects.put(ID, { view: "agent", [KEY.lastActivity]: START_MS, [KEY.lineCount]: 1 }, null);
  for (const name of withSidecar ? [OUTPUT, SIDECAR] : [OUTPUT]) {
    const ledger = world.ledger(name);
    const line = ledger.begin();
    await blobs.create({ id: ID, name }, `live-${world.newId()}`, lines(line));
    ledger.answer(line, "sure");
  }
}

const encoder = new TextEncoder();

export async function* lines(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield encoder.encode(text);
}
