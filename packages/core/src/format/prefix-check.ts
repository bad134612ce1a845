/** Checks by the CRCs of an archive's segments whether a file begins with all that the archive holds. */
import { crc32 } from "./crc32.js";
import type { FileIndex } from "./manifest.js";

export interface PrefixCheck {
  /** The next bytes of the file. */
  add(chunk: Uint8Array): void;
  /** `undefined` until it is decided. */
  holds(): boolean | undefined;
}

export function prefixCheck({ segments, rawBytes }: Pick<FileIndex, "segments" | "rawBytes">): PrefixCheck {
  let next = 0;
  let filled = 0;
  let crc = 0;
  let differs = false;
  return {
    add(chunk) {
      for (let at = 0; at < chunk.length && !differs; ) {
        const segment = segments[next];
        if (!segment) return;
        const part = chunk.subarray(at, at + segment.rawSize - filled);
        crc = crc32(part, crc);
        filled += part.length;
        at += part.length;
        if (filled < segment.rawSize) return;
        differs = crc !== segment.crc32;
        next++;
        filled = 0;
        crc = 0;
      }
    },
    holds: () => (differs ? false : next === segments.length || rawBytes === 0 ? true : undefined),
  };
}
