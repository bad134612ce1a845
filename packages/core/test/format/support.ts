/** What the tests of archive files share. */
import { expect } from "vitest";
import type { FileIndex } from "../../src/format/manifest.js";
import { archiveWriter } from "../../src/format/writer.js";
import { crc32 } from "../../src/format.js";
import { bytesOf, toBytes } from "../../src/index.js";
import { codec } from "../codecs.js";

export async function write(
  raw: Uint8Array,
  base?: { index: FileIndex; file: Uint8Array },
): Promise<{ index: FileIndex; file: Uint8Array }> {
  const segments = base && bytesOf(base.file.subarray(10, base.file.length - 10));
  const writer = archiveWriter(
    "k",
    bytesOf(raw),
    codec,
    base && segments ? { index: base.index, segments } : undefined,
  );
  const file = await toBytes(writer.bytes);
  expect(writer.index().archiveCrc32).toBe(crc32(file));
  return { index: writer.index(), file };
}
