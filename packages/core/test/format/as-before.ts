/** How versions before 0.2 went on from an archive: all its segments were copied, however small. Their archives have to be read. */
import type { Continued } from "../../src/format/continued.js";
import type { FileIndex } from "../../src/format/manifest.js";

export { baseOf, rawAnew } from "../../src/format/continued.js";

export function continued({ segments, rawBytes, crc32, newlines }: FileIndex): Continued {
  return { kept: segments, anew: [], rawBytes, crc32, newlines };
}
