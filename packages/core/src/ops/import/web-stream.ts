/** Streams of the web in WebKit, where they can't be looped over. */
import type { Bytes } from "../../ports.js";

interface WebStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: unknown }>;
    cancel(): Promise<void>;
  };
}

export function isWebStream(given: object): given is WebStream {
  return !(Symbol.asyncIterator in given) && "getReader" in given;
}

/** Its bytes. Stopping early cancels it. */
export async function* bytesOfStream(stream: WebStream): Bytes {
  const reader = stream.getReader();
  try {
    // The feed checks that they are bytes.
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value as Uint8Array;
  } finally {
    // Of a stream that has ended or failed, this does nothing.
    await reader.cancel().catch(() => {});
  }
}
