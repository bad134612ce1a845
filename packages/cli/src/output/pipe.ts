/** Writes to a stream at its reader's pace. */
import type { Writable } from "node:stream";

/** The reader has gone, as `head` does when it has enough: a reason to stop, not a failure. */
export class ClosedPipe extends Error {
  override readonly name = "ClosedPipe";
}

const CLOSED = ["EPIPE", "EOF", "ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END", "ERR_STREAM_PREMATURE_CLOSE"];

/** Resolves when the stream has taken the chunk. */
export function writeTo(stream: Writable, chunk: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => {
      if (!error) resolve();
      else if (CLOSED.includes((error as NodeJS.ErrnoException).code ?? "")) reject(new ClosedPipe());
      else reject(error);
    });
  });
}
