/** Appends that wait, and as many of them as are written in one go. */

/** Bytes written in one go at most, unless one append alone is more. */
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
