/** Finding the segments of an archive without its manifest. */
import { expect, test } from "vitest";
import { memoryArchives } from "../../src/adapter.js";
import { scanArchive } from "../../src/format/scan.js";
import { bytesOf } from "../../src/index.js";
import { codec } from "../codecs.js";
import { encode, jsonl } from "../support.js";
import { write } from "./support.js";

test("a scan gives up on bytes that are made of false segment ends", async () => {
  const { file } = await write(encode(jsonl(3)));
  const marker = file.subarray(-20, -10);
  const hostile = Buffer.concat([
    file.subarray(0, 10),
    Uint8Array.of(7),
    ...Array.from({ length: 5000 }, () => marker),
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
