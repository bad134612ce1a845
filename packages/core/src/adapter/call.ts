/** What a call of a port is about: its store's own half is given this, and so are the errors. */
import type { BlobKey, OpOptions } from "../ports.js";

/** Each method, and what it does in words: see {@link actionOf}. */
const ACTIONS = {
  "objects.get": "read object",
  "objects.put": "write object",
  "objects.delete": "delete object",
  "objects.takeDamaged": "take a damaged object out",
  "objects.list": "list the objects",
  "objects.listNewest": "list the objects",
  "objects.claim": "claim objects",
  "objects.archiveBytes": "add up the stored bytes",
  "ownMeta.get": "read the store's own metadata",
  "ownMeta.put": "write the store's own metadata",
  "blobs.stat": "look at blob",
  "blobs.list": "list the blobs of",
  "blobs.read": "read blob",
  "blobs.create": "create blob",
  "blobs.append": "append to blob",
  "blobs.delete": "delete blob",
  "blobs.diskBytes": "measure the blobs of",
  "archives.put": "write archive",
  "archives.stat": "look at archive",
  "archives.read": "read archive",
  "archives.delete": "delete archive",
  "archives.list": "list the archives",
  "archives.diskBytes": "measure archive",
} as const;

export type Method = keyof typeof ACTIONS;

/** One call of a port. Has the shape of an {@link ErrorContext}, so that errors can be given it as it is. */
export interface Call {
  readonly method: Method;
  /** Session id. */
  readonly id?: string | undefined;
  /** Blob name or archive key. */
  readonly key?: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What the call does, for messages: `append to blob "output" of "s1"`. */
export function actionOf({ method, id, key }: Call): string {
  const names = [key, id].flatMap((name) => (name === undefined ? [] : [`"${name}"`]));
  return [ACTIONS[method], names.join(" of ")].filter((part) => part !== "").join(" ");
}

export function objectCall(method: Method, id: string | undefined, op: OpOptions | undefined): Call {
  return { method, id, signal: op?.signal };
}

export function blobCall(method: Method, { id, name }: BlobKey, op: OpOptions | undefined): Call {
  return { method, id, key: name, signal: op?.signal };
}

export function archiveCall(method: Method, key: string | undefined, op: OpOptions | undefined): Call {
  return { method, key, signal: op?.signal };
}
