/** What every operation works with. */
import type { Codec } from "./codec/codec.js";
import { type ArchiverError, codeOf, toArchiverError } from "./errors.js";
import { type ArchiverEvent, type OnWarning, tell } from "./events.js";
import type { OpenSource } from "./ops/import/import-types.js";
import type { ArchiveSink, Ports } from "./ports.js";
import type { RecordLog } from "./run-records/log.js";
import type { StoreNotes } from "./run-records/notes.js";
import type { Describe } from "./session/describe.js";
import type { DroppedKeys } from "./session/dropped-keys.js";
import type { Policy } from "./session/policy.js";

export interface Context extends Ports {
  /** The archives as they are stored. Those of `archives` are shown without inline manifests, which have keys of their own there. */
  readonly sink: ArchiveSink;
  readonly codec: Codec;
  readonly policy: Policy;
  /** Notes about the store as a whole. */
  readonly notes: StoreNotes;
  /** Records of what this store has given up and taken back. */
  readonly records: RecordLog;
  /** The archiver's operation that is running; run records name it. */
  readonly operation: string;
  /** Sink keys that commits have given up, to be deleted soon. */
  readonly dropped: DroppedKeys;
  /** Changes that are on record already, as `<change> <session id>`: see `announce`. */
  readonly announced?: ReadonlySet<string> | undefined;
  /** Unix ms. */
  now(): number;
  /** 16 hex digits that never repeat. */
  randomId(): string;
  emit(event: ArchiverEvent): void;
  readonly describe?: Describe | undefined;
  readonly openSource?: OpenSource | undefined;
}

/** Reports a failure that must not stop the operation. */
export function warn(ctx: Context, id: string | undefined, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  ctx.emit({ type: "warning", id, code: codeOf(error), message, cause: error });
}

/** The same context, whose warnings a caller hears as well. */
export function heardBy(ctx: Context, onWarning: OnWarning | undefined): Context {
  if (!onWarning) return ctx;
  return {
    ...ctx,
    emit(event) {
      ctx.emit(event);
      if (event.type === "warning") tell(onWarning, toArchiverError(event.cause) as ArchiverError);
    },
  };
}

/** Runs clean-up that may fail without harm: `settle` or `gc` finds what it leaves. */
export async function attempt(ctx: Context, id: string | undefined, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    warn(ctx, id, error);
  }
}
