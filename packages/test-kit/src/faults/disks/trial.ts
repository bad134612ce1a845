/** A session that is moved between states on a failing disk, and the bytes that it must hold all the time. */
import { type Archiver, codeOf, createArchiver, type ErrorCode, hasCode, toBytes } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import type { OpenedStore } from "../kills/protocol.js";

/** A step that was tried, and its result: a code, or `done`. */
export interface Attempt {
  readonly step: string;
  readonly outcome: ErrorCode | "done";
  readonly message: string;
}

export const STEPS = [
  "append",
  "archive",
  "append more",
  "merge",
  "sweep",
  "restore",
  "tombstone",
  "undo",
  "collect",
] as const;
export type Step = (typeof STEPS)[number];

export interface Trial {
  /** The steps in order. Each starts from the state that the last one left. */
  run(step: Step): Promise<Attempt>;
  /** Rejects unless the session holds exactly the acknowledged bytes, and perhaps those of an unclear append. */
  check(): Promise<void>;
}

/** `source` gives the bytes of the session's agent. `CORRUPT` and failures without a code reject. */
export function trialOf(store: OpenedStore, id: string, source: (start: number, end: number) => Uint8Array): Trial {
  const archiver = createArchiver({ ...store, policy: { cooldownDays: 0 } });
  let size = 0;
  /** Bytes of appends that may have been done. */
  let unclear: number | undefined;

  const append = async (bytes: number): Promise<void> => {
    // A new one for each step, so that no work of a failed one continues.
    const recorder = archiver.recorder(id, { create: { view: "agent" } });
    unclear = bytes;
    try {
      await recorder.append(source(size, size + bytes));
      size += bytes;
      unclear = undefined;
    } catch (error) {
      if (!hasCode(error, "UNAVAILABLE")) unclear = undefined;
      throw error;
    }
    await recorder.close();
  };
  const steps: Readonly<Record<Step, () => Promise<unknown>>> = {
    append: () => append(20_000),
    archive: () => archiver.archive(id),
    "append more": () => append(3_000),
    merge: () => archiver.archive(id),
    sweep: () => sweepAll(archiver),
    restore: async () => {
      if ((await store.objects.get(id))?.meta[KEY.archivedAt] !== undefined) await archiver.restore(id);
    },
    tombstone: async () => {
      if ((await store.objects.get(id))?.meta[KEY.prunedAt] !== undefined) return;
      await archiver.archive(id);
      await archiver.pruneSession(id);
    },
    undo: async () => {
      if ((await store.objects.get(id))?.meta[KEY.prunedAt] !== undefined) await archiver.undoPrune(id);
    },
    collect: () => archiver.gc({ graceDays: 0 }),
  };
  return {
    async run(step) {
      try {
        await steps[step]();
        return { step, outcome: "done", message: "" };
      } catch (error) {
        const outcome = codeOf(error);
        if (outcome === undefined || outcome === "CORRUPT") throw error;
        return { step, outcome, message: error instanceof Error ? error.message : "" };
      }
    },
    async check() {
      const bytes = await read(archiver, store, id);
      if (bytes === undefined && size === 0) return;
      const found = bytes?.length ?? -1;
      const isRight = found === size || (unclear !== undefined && found === size + unclear);
      if (!bytes || !isRight || Buffer.compare(source(0, found), bytes) !== 0) {
        throw new Error(`Session "${id}" holds ${found} bytes; must be ${size}, or ${unclear ?? "nothing"} more.`);
      }
      size = found;
      unclear = undefined;
    },
  };
}

async function sweepAll(archiver: Archiver): Promise<void> {
  const { failures } = await archiver.sweep({ inactiveDays: 0, graceDays: Number.POSITIVE_INFINITY });
  const [first] = failures;
  if (first) throw Object.assign(new Error(first.message), { code: first.code });
}

/** Reads the session even if it has a tombstone; `undefined` if there is no session. */
async function read(archiver: Archiver, store: OpenedStore, id: string): Promise<Uint8Array | undefined> {
  const isPruned = (await store.objects.get(id))?.meta[KEY.prunedAt] !== undefined;
  if (isPruned) await archiver.undoPrune(id);
  try {
    return await toBytes(archiver.read(id));
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return undefined;
    throw error;
  } finally {
    if (isPruned) await archiver.pruneSession(id);
  }
}
