/** Sends bytes through one of Node's decoders, at the consumer's pace. */
import { Readable, type Transform } from "node:stream";
import type { Bytes } from "@session-archiver/core";

/** Ends with the error of the decoder, or of `bytes`; everything that was opened is closed by then. */
export async function* through(bytes: AsyncIterable<Uint8Array>, decoder: Transform): Bytes {
  const source = Readable.from(bytes, { highWaterMark: 4 });
  const closed = new Promise((resolve) => source.once("close", resolve));
  source.on("error", (error) => decoder.destroy(error));
  try {
    yield* source.pipe(decoder) as AsyncIterable<Uint8Array>;
  } finally {
    source.destroy();
    decoder.destroy();
    await closed;
  }
}
