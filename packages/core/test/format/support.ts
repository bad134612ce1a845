/** What the tests of archive files share. */
import { expect } from "vitest";
import { baseOf } from "../../src/format/continued.js";
import type { FileIndex } from "../../src/format/manifest.js";
import { archiveWriter } from "../../src/format/writer.js";
import { crc32 } from "../../src/format.js";
import { type ArchiveSink, bytesOf, toBytes } from "../../src/index.js";
import { codec } from "../codecs.js";

/** A sink whose objects all are this file. */
export function sinkOf(file: Uint8Array): Pick<ArchiveSink, "read"> {
  return { read: (_, range) => bytesOf(file.slice(range?.start ?? 0, range?.end)) };
}

export async function write(
  raw: Uint8Array,
  base?: { index: FileIndex; file: Uint8Array },
): Promise<{ index: FileIndex; file: Uint8Array }> {
  const writer = archiveWriter("k", bytesOf(raw), codec, base && baseOf(sinkOf(base.file), base.index, 0));
  const file = await toBytes(writer.bytes);
  expect(writer.index().archiveCrc32).toBe(crc32(file));
  return { index: writer.index(), file };
}
