/** Converts byte streams between the web's kind and core's. */
import type { Bytes } from "@session-archiver/core";

/** Reads chunk by chunk. Not every browser can iterate a stream yet. */
export async function* bytesFrom(stream: ReadableStream<Uint8Array>): Bytes {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    ended = true;
  } finally {
    // If the consumer stops early, cancel the stream; a stream that failed has ended already.
    if (!ended) await reader.cancel().catch(() => {});
  }
}

/** A stream that pulls only as it is read. */
export function streamOf(bytes: Bytes): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = bytes[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
