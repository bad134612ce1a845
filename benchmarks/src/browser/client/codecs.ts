/** The limits: one codec alone, on bytes in memory, without any store. */
import { gzipSync } from "fflate";
import { bytes, chunksOf, load, timed } from "./data.js";

/** The input of `DecompressionStream`. */
let zipped: Uint8Array | undefined;

function streamOf(whole: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = chunksOf(whole);
  return new ReadableStream({
    pull(controller) {
      const next = chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
  });
}

async function pump(from: Uint8Array, through: CompressionStream): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of streamOf(from).pipeThrough(through)) pieces.push(piece);
  return pieces;
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function mustBe(found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${found} bytes came out, not ${wanted}.`);
}

export const codecCommands = {
  load: (): Promise<number> => load(),
  async compressionStream(): Promise<number> {
    return timed(async () => {
      const pieces = await pump(bytes(), new CompressionStream("gzip"));
      zipped = await new Blob(pieces as Uint8Array<ArrayBuffer>[]).bytes();
    });
  },
  async decompressionStream(): Promise<number> {
    return timed(async () => {
      if (!zipped) throw new Error("Call compressionStream first.");
      const unzipped = streamOf(zipped).pipeThrough(new DecompressionStream("gzip"));
      let size = 0;
      for await (const piece of unzipped) size += piece.length;
      mustBe(size, bytes().length);
    });
  },
  async gzipSync(): Promise<number> {
    return timed(() => {
      if (sizeOf([gzipSync(bytes(), { level: 6 })]) === 0) throw new Error("Nothing came out.");
    });
  },
  /** The size of the same data as one gzip stream of the platform. */
  zippedBytes: (): number => zipped?.length ?? 0,
};
