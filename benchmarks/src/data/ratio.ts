/** Checks how well data compresses, because figures from data that compresses too well, or not at all, mislead. */
import { once } from "node:events";
import { createGzip } from "node:zlib";

const LOWEST = 3.5;
const HIGHEST = 6;

export interface RatioMeter {
  add(bytes: Uint8Array): Promise<void>;
  /** Raw bytes for each byte of `gzip -6`, over all added data as one stream. */
  end(): Promise<number>;
}

export function ratioMeter(): RatioMeter {
  const gzip = createGzip({ level: 6, chunkSize: 256 * 1024 });
  let raw = 0;
  let stored = 0;
  gzip.on("data", (chunk: Buffer) => {
    stored += chunk.length;
  });
  return {
    async add(bytes) {
      raw += bytes.length;
      if (!gzip.write(bytes)) await once(gzip, "drain");
    },
    async end() {
      gzip.end();
      await once(gzip, "end");
      return raw / stored;
    },
  };
}

/** Throws unless real sessions compress as well as this. */
export function checkRatio(ratio: number, what: string): void {
  if (ratio >= LOWEST && ratio <= HIGHEST) return;
  throw new Error(
    `gzip -6 makes ${what} ${ratio.toFixed(2)} times as small. Real sessions lie between ${LOWEST} and ${HIGHEST}: figures from this data would mislead.`,
  );
}
