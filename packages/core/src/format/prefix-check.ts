/** Checks by the CRCs of an archive's segments whether a file begins with all that the archive holds. */
import { crc32 } from "./crc32.js";
import type { Followed } from "./keys.js";
import type { FileIndex } from "./manifest.js";

export interface PrefixCheck {
  /** The next bytes of the file. */
  add(chunk: Uint8Array): void;
  /** `undefined` until it is decided. */
  holds(): boolean | undefined;
}

/** `follows`: what comes before, if the archive is a part of a file. It is checked as a segment is. */
export function prefixCheck(index: Pick<FileIndex, "segments" | "rawBytes">, follows?: Followed): PrefixCheck {
  const before = follows ? [{ rawSize: follows.rawBytes, crc32: follows.crc32 }] : [];
  const segments = [...before, ...index.segments];
  const rawBytes = index.rawBytes + (follows?.rawBytes ?? 0);
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
