/** Random histories of one session, and what is known of it at their end: what a rebuilt catalogue is compared with. */
import fc from "fast-check";
import { memoryArchives, memoryBlobs, memoryObjects, memoryPorts } from "../../../src/adapter.js";
import { ArchiverError, type ArchiveSink, type Ports, type SessionInfo, toBytes } from "../../../src/index.js";
import { jsonl, NOW, type World, world } from "../../support.js";
import { sourceOf } from "../import/sources.js";

export const ID = "s";

const STEPS = [
  "append",
  "append of the same",
  "archive",
  "archive",
  "archive",
  "settle",
  "restore",
  "restore and keep",
  "prune",
  "undo",
  "purge",
  "pin",
  "unpin",
  "gc",
  "remove",
  "import of more",
  "import of other lines",
] as const;

/** Comes first, if at all: every tail is archived in a part of its own. */
export const IN_PARTS = "in parts" as const;

export type Step = (typeof STEPS)[number] | typeof IN_PARTS;

export const histories: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 12 }), fc.boolean())
  .map(([steps, inParts]): readonly Step[] => [...(inParts ? [IN_PARTS] : []), "append of the same", ...steps]);

/** What is known of a session. */
export interface Known {
  readonly info: SessionInfo;
  /** `undefined`: it was given up. */
  readonly output: string | undefined;
  readonly versions: readonly string[];
}

export interface Played {
  readonly w: World;
  /** Every output that it had since it was removed last. */
  readonly outputs: ReadonlySet<string | undefined>;
  /** Whether all of it was in the sink at some time since. */
  readonly wasSafe: boolean;
  /** As it is at the end. */
  readonly last: Known | undefined;
}

export function play(steps: readonly Step[], ports: Ports = memoryPorts()): Promise<Played> {
  return playOn(world({ ...ports, ...(steps.includes(IN_PARTS) && { policy: { smallPartBytes: 0 } }) }), steps);
}

export async function playOn(w: World, steps: readonly Step[]): Promise<Played> {
  const source = { text: "", number: 0 };
  const outputs = new Set<string | undefined>();
  let wasSafe = false;
  for (const step of steps) {
    w.now += 1000;
    await take(w, step, source);
    const known = await knownOf(w);
    if (!known) outputs.clear();
    outputs.add(known?.output);
    wasSafe = known !== undefined && (wasSafe || isSafe(known));
  }
  return { w, outputs, wasSafe, last: await knownOf(w) };
}

/** Whether all that the session has is in the sink, or given up. */
export function isSafe({ info }: Known): boolean {
  return info.state === "archived" || info.state === "pruned";
}

async function take({ archiver }: World, step: Step, source: { text: string; number: number }): Promise<void> {
  try {
    await STEP[step](archiver, source);
  } catch (error) {
    // Not every step can be taken in every state.
    if (!(error instanceof ArchiverError) || error.code === "CORRUPT") throw error;
  }
}

type Take = (archiver: World["archiver"], source: { text: string; number: number }) => Promise<unknown>;

async function record(archiver: World["archiver"], lines: string): Promise<void> {
  await archiver.create(ID, { title: ID }).catch(() => {});
  const recorder = archiver.recorder(ID);
  await recorder.append(lines);
  await recorder.close();
}

const STEP: Readonly<Record<Step, Take>> = {
  [IN_PARTS]: async () => {},
  append: (archiver, source) => record(archiver, jsonl(2, ++source.number)),
  "append of the same": (archiver) => record(archiver, jsonl(1, 1)),
  archive: (archiver) => archiver.archive(ID),
  settle: (archiver) => archiver.settle(ID),
  restore: (archiver) => archiver.restore(ID),
  "restore and keep": (archiver) => archiver.restore(ID, { keepArchive: true }),
  prune: (archiver) => archiver.pruneSession(ID, { reason: "by hand" }),
  undo: (archiver) => archiver.undoPrune(ID),
  purge: (archiver) => archiver.prune({ graceDays: 0 }),
  pin: (archiver) => archiver.pin(ID, true),
  unpin: (archiver) => archiver.pin(ID, false),
  gc: (archiver) => archiver.gc({ graceDays: 0 }),
  remove: (archiver) => archiver.remove(ID),
  "import of more": async (archiver, source) => {
    const held = await toBytes(archiver.read(ID)).catch(() => new Uint8Array());
    source.text = new TextDecoder().decode(held) + jsonl(1, ++source.number);
    await archiver.import(ID, sourceOf(source.text));
  },
  "import of other lines": async (archiver, source) => {
    source.text = jsonl(3, ++source.number);
    await archiver.import(ID, sourceOf(source.text));
  },
};

/** The session as it is read now; `undefined`: there is none. */
export async function knownOf({ archiver }: World): Promise<Known | undefined> {
  const info = await archiver.info(ID).catch(() => undefined);
  if (!info) return undefined;
  const text = async (options: object): Promise<string> =>
    new TextDecoder().decode(await toBytes(archiver.read(ID, options)));
  const versions: string[] = [];
  for (const { version } of info.versions) versions.push(await text({ version }));
  const isGivenUp = info.state === "pruned";
  return { info: comparable(info), output: isGivenUp ? undefined : await text({}), versions };
}

/** Without what a catalogue notes for its own work only. */
export function comparable({ meta, knownWholeAt: _, ...info }: SessionInfo): SessionInfo {
  const own = new Set(["session:given_up", "session:condemned", "session:verified_at"]);
  const rest = Object.fromEntries(Object.entries(meta).filter(([key]) => !own.has(key)));
  return { ...info, knownWholeAt: null, meta: rest };
}

/**
 * A new, empty catalogue over this sink, or over a copy of it; with the blobs if only the objects are lost, or with everything.
 */
export function lose(w: World, what: "nothing" | "objects" | "both", archives: ArchiveSink): World {
  const next = world({
    objects: what === "nothing" ? w.ports.objects : memoryObjects(),
    blobs: what === "both" ? memoryBlobs() : w.ports.blobs,
    archives,
  });
  next.now = w.now + 1000;
  return next;
}

/** The sink as it is now, on its own. */
export async function copyOfSink(sink: ArchiveSink): Promise<ArchiveSink> {
  const copy = memoryArchives(() => NOW);
  for await (const { key } of sink.list()) await copy.put(key, sink.read(key));
  return copy;
}
