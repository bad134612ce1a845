/** A file whose first part is empty: a sidecar that had no bytes when it was first archived. */
import { expect, test } from "vitest";
import { bytesOf, toBytes } from "../../../src/index.js";
import { encode, makeSession, type World, world } from "../../support.js";
import { append, fileOf } from "../parts/support.js";
import { flip, noisyLines, salvaged, without } from "./support.js";

/** The first line is no JSON: only because it is the first is it known to be whole. */
const TEXT = `00:01 first\n${noisyLines(420)}`;

async function withEmptyPart(): Promise<World> {
  const w = world({ policy: { smallPartBytes: 0 } });
  const key = { id: "s", name: "side" };
  await makeSession(w, "s", "{}\n");
  await w.ports.blobs.create(key, "empty", bytesOf());
  await w.archiver.archive("s");
  await append(w, "{}\n");
  await w.ports.blobs.create(key, "filled", bytesOf(encode(TEXT)));
  await w.archiver.archive("s");
  expect((await fileOf(w, "side")).parts).toMatchObject([{ rawBytes: 0 }, { rawBytes: TEXT.length }]);
  return w;
}

async function sidecar({ archiver }: World): Promise<string> {
  return new TextDecoder().decode(await toBytes(archiver.read("s", { name: "side" })));
}

test("it is read, verified and restored", async () => {
  const w = await withEmptyPart();
  expect(await sidecar(w)).toBe(TEXT);
  await w.archiver.verify("s");
  await w.archiver.restore("s");
  expect(await sidecar(w)).toBe(TEXT);
});

test.each([0.1, 0.5, 0.99])("what is left of it is salvaged: only the segment at %s of it is lost", async (place) => {
  const w = await withEmptyPart();
  await flip(w, (await fileOf(w, "side")).parts?.[1]?.key ?? "", place);
  const lost = await salvaged(w, "side");
  expect(lost).toHaveLength(1);
  const left = without(TEXT, lost);
  expect(left.length).toBeGreaterThan(TEXT.length - 1024 * 1024 - 1);
  expect(await sidecar(w)).toBe(left);
});

test("if it lies in a damaged archive file, that is found and made anew", async () => {
  const w = await withEmptyPart();
  const key = (await fileOf(w, "side")).parts?.[0]?.key ?? "";
  await flip(w, key, 0.5);
  await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT" });
  await w.archiver.salvage("s");
  expect(await sidecar(w)).toBe(TEXT);
  await w.archiver.verify("s");
});
