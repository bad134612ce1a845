/** What every operation works with. */
import type { Codec } from "./codec/codec.js";
import { codeOf } from "./errors.js";
import type { ArchiverEvent } from "./events.js";
import type { OpenSource } from "./ops/import/import-types.js";
import type { Ports } from "./ports.js";
import type { RecordLog } from "./run-records/log.js";
import type { StoreNotes } from "./run-records/notes.js";
import type { Describe } from "./session/describe.js";
import type { Policy } from "./session/policy.js";

export interface Context extends Ports {
  readonly codec: Codec;
  readonly policy: Policy;
  /** What is noted of the store as a whole. */
  readonly notes: StoreNotes;
  /** What this store has given up and taken back. */
  readonly records: RecordLog;
  /** The archiver's operation that is at work, for the records. */
  readonly operation: string;
  /** Changes that are on record already, as `<change> <session id>`: see `announce`. */
  readonly announced?: ReadonlySet<string> | undefined;
  /** Unix ms. */
  now(): number;
  /** 16 hex digits that never come twice. */
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

/** Runs clean-up that may fail without harm: what it leaves is found again by `settle` or `collect`. */
export async function attempt(ctx: Context, id: string | undefined, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    warn(ctx, id, error);
  }
}
