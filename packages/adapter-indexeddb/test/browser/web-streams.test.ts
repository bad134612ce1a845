/** Streams as browsers give them, of files and of responses: not every browser can loop over one. */
import { type Bytes, createArchiver, toBytes } from "@session-archiver/core";
import { isRecordKey } from "@session-archiver/core/format";
import { expect, test } from "vitest";
import { newStore } from "./support/stores.js";

const TEXT = '{"type":"user"}\n'.repeat(5000);

test("a stream is imported as it is, and again", async () => {
  const { store } = await newStore();
  const archiver = createArchiver(store);
  const stream = (text: string): Bytes => new Blob([text]).stream() as unknown as Bytes;
  await archiver.import("s", stream(TEXT));
  await archiver.archive("s");
  await archiver.import("s", stream(`${TEXT}more\n`));
  expect(await archiver.read("s").text()).toBe(`${TEXT}more\n`);
});

test.each([
  ["of a short session, with its manifest inline", 10],
  ["of a longer one", 5000],
])("the archive %s is gzip to the browser", async (_, lines) => {
  const { store } = await newStore();
  const archiver = createArchiver(store);
  const text = '{"type":"user"}\n'.repeat(lines);
  await archiver.import("s", new Blob([text]).stream() as unknown as Bytes);
  await archiver.archive("s");
  const keys: string[] = [];
  for await (const { key } of store.archives.list()) if (!isRecordKey(key)) keys.push(key);
  const archive = keys.find((key) => key.endsWith(".jsonl.gz")) ?? "";
  expect(keys).toHaveLength(archive.includes(".manifest-") ? 1 : 2);
  const bytes = await toBytes(store.archives.read(archive));
  const raw = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("gzip"));
  expect(await new Response(raw).text()).toBe(text);
});
