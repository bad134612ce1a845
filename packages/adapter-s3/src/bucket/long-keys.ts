/** Keys that don't fit into a name: each is the content of an object under its hash. A header takes no more than 2 KB. */
import { decodeKey, encodeKey } from "@session-archiver/core/adapter";
import type { Call } from "../call.js";
import { failureOf } from "../failure.js";
import { isAbsent, isOk } from "../http/answer.js";
import { checkHashed, LONG_KEYS, type NamedKey } from "./names.js";
import type { Objects } from "./objects.js";

/** Before its archive is there, so that no listing meets an archive without a key. */
export async function storeLongKey(objects: Objects, key: string, { hash }: NamedKey, call: Call): Promise<void> {
  if (hash !== undefined) await objects.do({ method: "PUT", name: LONG_KEYS + hash, body: encodeKey(key) }, call);
}

export async function deleteLongKey(objects: Objects, { hash }: NamedKey, call: Call): Promise<void> {
  if (hash !== undefined) await objects.delete(LONG_KEYS + hash, call);
}

/** `undefined` if it is gone, as it is once its archive was deleted. `CORRUPT` if another program has changed it. */
export async function readLongKey(objects: Objects, hash: string, call: Call): Promise<string | undefined> {
  const name = LONG_KEYS + hash;
  // Bytes, not text: a decoder would drop a byte order mark in front.
  const answer = await objects.send({ method: "GET", name, streams: true }, call);
  if (isAbsent(answer)) return undefined;
  if (!isOk(answer) || !answer.stream) throw failureOf(answer, call);
  const bytes: number[] = [];
  for await (const chunk of answer.stream) bytes.push(...chunk);
  return checkHashed(name, hash, decodeKey(Uint8Array.from(bytes)));
}
