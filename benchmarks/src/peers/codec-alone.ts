/** Task: a codec, on segments that are in memory already and go nowhere: the most that an archiver with it could do. */

import { zlibCodec } from "@session-archiver/codec-zlib";
import { fflateCodec } from "@session-archiver/core";
import { mapOrdered } from "@session-archiver/core/adapter";
import { timed } from "../measure/sample.js";
import { loadStart } from "./load.js";

export interface CodecParams {
  readonly file: string;
  /** So much of the file's start is used. */
  readonly bytes: number;
  readonly codec: "zlib" | "fflate";
}

const SEGMENT_BYTES = 1024 * 1024;

export async function run({ file, bytes, codec: name }: CodecParams): Promise<{ seconds: number }> {
  const codec = name === "zlib" ? zlibCodec() : fflateCodec();
  const data = await loadStart(file, bytes);
  async function* segments(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < data.length; at += SEGMENT_BYTES) yield data.subarray(at, at + SEGMENT_BYTES);
  }
  const seconds = await timed(async () => {
    for await (const deflated of mapOrdered(segments(), async (raw) => codec.deflate(raw), codec.concurrency)) {
      if (deflated.length === 0) throw new Error("A segment is gone.");
    }
  });
  return { seconds };
}
