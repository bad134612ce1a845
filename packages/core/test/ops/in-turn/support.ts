/** Operations over many sessions, and ports that show how many of them are at work at once. */
import { sessionIdOf } from "../../../src/format.js";
import { type Archiver, createArchiver, memoryPorts, type Ports } from "../../../src/index.js";
import { DAY, jsonl, makeSession, NOW, type World, world } from "../../support.js";

export const COUNT = 12;
export const ids: readonly string[] = Array.from({ length: COUNT }, (_, n) => `s${String(n).padStart(2, "0")}`);

/** What an operation has told, in the order in which it did: ids, or keys. */
export interface Told {
  readonly events: readonly string[];
  readonly report: object;
  readonly failed: readonly string[];
}

export interface ManyOperation {
  /** A world in which there is something to do with each session. */
  readonly prepare: () => Promise<World>;
  readonly run: (archiver: Archiver, signal?: AbortSignal) => Promise<Told>;
}

/** As many sessions, each archived. */
async function archivedMany(): Promise<World> {
  const w = world();
  for (const id of ids) await makeSession(w, id, jsonl(5), { "session:last_activity_ms": NOW - 30 * DAY });
  for (const id of ids) await w.archiver.archive(id);
  return w;
}

async function prunedMany(): Promise<World> {
  const w = await archivedMany();
  await w.archiver.prune({ maxTotalBytes: 0, tombstonesOnly: true });
  w.now += 30 * DAY;
  return w;
}

/** Archives that were given up for live bytes. */
async function restoredMany(): Promise<World> {
  const w = await archivedMany();
  for (const id of ids) await w.archiver.restore(id);
  return w;
}

/** The catalogue is lost. */
async function lostMany(): Promise<World> {
  const w = await archivedMany();
  return world({ ...memoryPorts(), archives: w.ports.archives });
}

const told = (report: object, failures: readonly { readonly id: string }[]): Told => ({
  events: [],
  report,
  failed: failures.map(({ id }) => id),
});

export const OPERATIONS: Readonly<Record<string, ManyOperation>> = {
  prune: {
    prepare: archivedMany,
    run: async (archiver, signal) => {
      const report = await archiver.prune({ maxTotalBytes: 0, tombstonesOnly: true, signal });
      return told(report, report.failures);
    },
  },
  purge: {
    prepare: prunedMany,
    run: async (archiver, signal) => {
      const report = await archiver.prune({ signal });
      return told(report, report.failures);
    },
  },
  gc: {
    prepare: restoredMany,
    run: async (archiver, signal) => told(await archiver.gc({ graceDays: 0, signal }), []),
  },
  "verify of all": {
    prepare: archivedMany,
    run: async (archiver, signal) => {
      const report = await archiver.verifyAll(undefined, { signal });
      return told(report, report.bad);
    },
  },
  "verify of some": {
    prepare: archivedMany,
    run: async (archiver, signal) => {
      const report = await archiver.verifyAll(ids, { signal });
      return told(report, report.bad);
    },
  },
  rebuild: {
    prepare: lostMany,
    run: async (archiver, signal) => {
      const report = await archiver.rebuild({ signal });
      return told(report, report.failures);
    },
  },
};

/** Runs the operation; with what it has told by events, those of progress excepted. */
export async function runOn(
  { run }: ManyOperation,
  { ports, now }: World,
  hook: (id: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<Told> {
  const events: string[] = [];
  const archiver = createArchiver({
    ...hooked(ports, hook),
    now: () => now,
    onEvent(event) {
      if (event.type === "progress") return;
      const id = ("key" in event && event.key) || ("id" in event && event.id) || "";
      events.push(`${event.type} ${id}`);
    },
  });
  return { ...(await run(archiver, signal)), events };
}

/** The same ports, whose calls for one session wait for `hook` first. */
function hooked({ objects, blobs, archives }: Ports, hook: (id: string) => Promise<void>): Ports {
  return {
    objects: {
      ...objects,
      async get(id, op) {
        await hook(id);
        return objects.get(id, op);
      },
    },
    blobs: {
      ...blobs,
      async *list(id, op) {
        await hook(id);
        yield* blobs.list(id, op);
      },
    },
    archives: {
      ...archives,
      async *read(key, range, op) {
        const id = sessionIdOf(key);
        if (id !== undefined) await hook(id);
        yield* archives.read(key, range, op);
      },
      async delete(key, op) {
        const id = sessionIdOf(key);
        if (id !== undefined) await hook(id);
        return archives.delete(key, op);
      },
    },
  };
}
