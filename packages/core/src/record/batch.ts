/** Takes appends that wait, as many as one write can hold. */

/** Most bytes in one write, unless a single append is larger. */
const LARGEST_BATCH = 1024 * 1024;

export interface Pending {
  readonly bytes: Uint8Array;
  resolve(): void;
  reject(error: unknown): void;
}

export function takeBatch(queue: Pending[]): readonly Pending[] {
  let bytes = 0;
  let count = 0;
  for (const pending of queue) {
    if (count > 0 && bytes + pending.bytes.length > LARGEST_BATCH) break;
    bytes += pending.bytes.length;
    count++;
  }
  return queue.splice(0, count);
}
