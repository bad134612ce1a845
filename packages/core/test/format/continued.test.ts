/** Which segments of an earlier archive are copied, and which are made anew. */
import { expect, test } from "vitest";
import { continued } from "../../src/format/continued.js";
import { combineCrc32 } from "../../src/format/crc32.js";
import { EMPTY_INDEX, type FileIndex } from "../../src/format/manifest.js";

const KIB = 1024;

/** An index of segments of these sizes in KiB, of ten lines each. */
function indexOf(sizes: readonly number[]): FileIndex {
  let rawBytes = 0;
  let crc32 = 0;
  const segments = sizes.map((size, i) => {
    const segment = {
      ...{ archiveOffset: 10 + i * 100, archiveSize: 100, rawOffset: rawBytes, rawSize: size * KIB },
      ...{ line: i * 10, crc32: i + 1, timestamp: null },
    };
    rawBytes += segment.rawSize;
    crc32 = combineCrc32(crc32, segment.crc32, segment.rawSize);
    return segment;
  });
  return { ...EMPTY_INDEX, rawBytes, crc32, newlines: sizes.length * 10, segments };
}

test.each<[string, readonly number[], number]>([
  ["nothing", [], 0],
  ["a small one", [10], 0],
  ["large ones", [1024, 1000, 256], 3],
  ["small ones at the end", [1024, 300, 255, 100, 1], 2],
  ["a small one before a large one", [10, 1024], 2],
  ["no more at once than are held", Array.from({ length: 30 }, () => 200), 10],
])("%s", (_, sizes, count) => {
  const index = indexOf(sizes);
  const { kept, anew, ...before } = continued(index);
  expect(kept).toEqual(index.segments.slice(0, count));
  expect(anew).toEqual(index.segments.slice(count));
  const { rawBytes, crc32, newlines } = indexOf(sizes.slice(0, count));
  expect(before).toEqual({ rawBytes, crc32, newlines });
});
