/** Whether a blob is what a call needs it to be. To be asked where the answer still holds: in the same transaction. */
import { ArchiverError } from "../errors.js";
import type { BlobKey, BlobRef } from "../ports.js";

/** What a store knows of a blob beside its key. */
export interface BlobHead {
  readonly generation: string;
  readonly size: number;
}

/** `CONFLICT` if there is a blob. */
export function requireAbsent(found: BlobHead | undefined, key: BlobKey): void {
  if (found) throw blobExists(key);
}

/** `NOT_FOUND` unless the blob has the generation, `CONFLICT` if it is shorter than the ref says. */
export function requireReadable<Head extends BlobHead>(found: Head | undefined, at: BlobRef): Head {
  if (found?.generation !== at.generation) throw blobGone(at);
  if (found.size < at.size) throw failure("CONFLICT", at.key, `has ${found.size} bytes, not ${at.size}`);
  return found;
}

/** `NOT_FOUND` if there is no blob, `CONFLICT` unless it is exactly `at`: its generation and its size. */
export function requireExactly<Head extends BlobHead>(found: Head | undefined, at: BlobRef): Head {
  if (!found) throw failure("NOT_FOUND", at.key, "is gone");
  if (found.generation !== at.generation || found.size !== at.size) throw blobChanged(at);
  return found;
}

/** Of a read: the blob, or this generation of it, is not there. */
export function blobGone({ key, generation }: BlobRef): ArchiverError {
  return failure("NOT_FOUND", key, `is not there in generation "${generation}"`);
}

/** For a store's own create-only write that has failed. */
export function blobExists(key: BlobKey): ArchiverError {
  return failure("CONFLICT", key, "exists already; delete it first");
}

/** For a store's own compare-and-swap that has failed. */
export function blobChanged({ key }: BlobRef): ArchiverError {
  return failure("CONFLICT", key, "has grown or was replaced; stat it again");
}

function failure(code: "CONFLICT" | "NOT_FOUND", { id, name }: BlobKey, what: string): ArchiverError {
  return new ArchiverError(code, `Blob "${name}" of "${id}" ${what}.`, { id, key: name });
}
