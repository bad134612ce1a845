/** A store brings the codec that is best in Node: an archiver on it needs no other argument. */
import { type Archiver, createArchiver, defaultCodec } from "@session-archiver/core";
import { expect, test } from "vitest";
import { type FsStore, openFs, zlibCodec } from "../src/index.js";
import { temporary } from "./support/temporary.js";

const OUTPUT = JSON.stringify({ text: "all work and no play ".repeat(20) })
  .concat("\n")
  .repeat(50);

async function bytesWith(create: (store: FsStore) => Archiver): Promise<number> {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  const archiver = create(store);
  const recorder = archiver.recorder("s", { create: {} });
  await recorder.append(OUTPUT);
  await recorder.close();
  const { archiveBytes } = await archiver.archive("s");
  await using reading = openFs(directory.path, { readOnly: true });
  expect(reading.codec.concurrency).toBe(zlibCodec().concurrency);
  expect(await createArchiver(reading).verifyAll()).toMatchObject({ checked: 1, bad: [] });
  return archiveBytes;
}

test("createArchiver(store) compresses with zlib; a codec that is named goes before it", async () => {
  const zlib = await bytesWith((store) => createArchiver({ ...store, codec: zlibCodec() }));
  const fflate = await bytesWith((store) => createArchiver({ ...store, codec: defaultCodec() }));
  expect(zlib).not.toBe(fflate);
  expect(await bytesWith((store) => createArchiver(store))).toBe(zlib);
  expect(await bytesWith((store) => createArchiver({ ...store, codec: zlibCodec({ level: 0 }) }))).toBeGreaterThan(
    OUTPUT.length,
  );
});
