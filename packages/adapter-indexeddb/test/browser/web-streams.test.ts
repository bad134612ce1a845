/** Streams as browsers give them, of files and of responses: not every browser can loop over one. */
import { type Bytes, createArchiver } from "@session-archiver/core";
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
