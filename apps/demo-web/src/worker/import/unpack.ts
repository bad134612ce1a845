/** Unpacks gzip with the browser's own decoder, and zstd with a small one in JavaScript: browsers have none for streams. */
import type { Bytes } from "@session-archiver/core";
import { fedBy, NotZstd, unzstd } from "@session-archiver/transcripts";
import { bytesFrom, streamOf } from "../streams.ts";

/** What a packed file's name ends in. */
export type Packing = "gz" | "zst";

export function unpack(packed: Bytes, packing: Packing): Bytes {
  return packing === "gz" ? gunzip(packed) : unzst(packed);
}

function gunzip(packed: Bytes): Bytes {
  return bytesFrom(streamOf(packed).pipeThrough(new DecompressionStream("gzip")));
}

async function* unzst(packed: Bytes): Bytes {
  const { Decompress } = await import("fzstd");
  let isEmpty = true;
  async function* noted(): Bytes {
    for await (const piece of packed) {
      isEmpty = false;
      yield piece;
    }
  }
  yield* unzstd(
    noted(),
    fedBy((onChunk) => new Decompress(onChunk)),
  );
  if (isEmpty) throw new NotZstd("is empty");
}

/** What is wrong with the file and what to do, after its name. `cause`: what `unpack` threw. */
export function whyNotUnpacked(cause: unknown, packing: Packing): string {
  const advice = "Unpack it and import the .jsonl instead.";
  if (packing === "gz") {
    return `is not one whole gzip file: it is cut off, damaged, or several joined into one. ${advice}`;
  }
  return `is not a whole zstd file: it ${cause instanceof NotZstd ? cause.message : "is damaged"}. ${advice}`;
}
