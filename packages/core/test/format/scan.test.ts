/** Finding the segments of an archive without its manifest. */
import { expect, test } from "vitest";
import { memoryArchives } from "../../src/adapter.js";
import type { FileIndex } from "../../src/format/manifest.js";
import { scanArchive } from "../../src/format/scan.js";
import { archiveWriter } from "../../src/format/writer.js";
import { crc32 } from "../../src/format.js";
import { bytesOf, fflateCodec, toBytes } from "../../src/index.js";
import { encode, jsonl } from "../support.js";

const codec = fflateCodec();

async function write(
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

test("a scan gives up on bytes that are made of false segment ends", async () => {
  const { file } = await write(encode(jsonl(3)));
  const marker = file.subarray(-20, -10);
  const hostile = Buffer.concat([
    file.subarray(0, 10),
    Uint8Array.of(7),
    ...Array.from({ length: 100_000 }, () => marker),
    file.subarray(-10),
  ]);
  const sink = memoryArchives();
  await sink.put("k", bytesOf(hostile));
  let inflations = 0;
  const counting = {
    ...codec,
    inflate(...args: Parameters<typeof codec.inflate>) {
      inflations++;
      return codec.inflate(...args);
    },
  };
  await expect(scanArchive(sink, counting, "k")).rejects.toMatchObject({ code: "CORRUPT" });
  expect(inflations).toBeLessThan(2000);
});
