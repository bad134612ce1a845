import { concat } from "../bytes.js";
import { throwIfAborted } from "../errors.js";
import type { Bytes, OpOptions } from "../ports.js";

export const READ_CHUNK_BYTES: number = 256 * 1024;

/** Drains a body, copying each chunk: its producer may reuse the array. */
export async function drain(body: Bytes, op: OpOptions | undefined): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    throwIfAborted(op?.signal);
    chunks.push(chunk.slice());
  }
  throwIfAborted(op?.signal);
  return concat(chunks);
}
