/** Salvage from what lies elsewhere: in the sink, or in the source. */
import { describe, expect, test } from "vitest";
import { bytesOf } from "../../../src/index.js";
import { jsonl, makeSession, readText, world } from "../../support.js";
import { sourceOf } from "../import/sources.js";
import { archived, flip, keyAt, overwrite, sinkBytesOf, THREE, without } from "./support.js";

describe("the right bytes elsewhere in the sink", () => {
  test("mend archives that were swapped, and nothing is lost on the way", async () => {
    const w = await archived(THREE);
    const other = THREE.replaceAll("noise", "voice");
    await makeSession(w, "t", other);
    await w.archiver.archive("t");
    const [first, second] = [await keyAt(w, "archiveKey", "s"), await keyAt(w, "archiveKey", "t")];
    const [bytes, others] = [await sinkBytesOf(w, first), await sinkBytesOf(w, second)];
    await overwrite(w, first, others);
    await overwrite(w, second, bytes);
    for (const id of ["s", "t"]) {
      const done = await w.archiver.salvage(id);
      expect(done).toMatchObject({ id, outcome: "mended", files: [{ from: ["sink"], lostLines: [], lostBytes: 0 }] });
      await w.archiver.verify(id);
    }
    expect(await readText(w, "s")).toBe(THREE);
    expect(await readText(w, "t")).toBe(other);
    expect((await w.archiver.info("s")).salvaged).toEqual([]);
  });

  test.each([[true], [false]])(
    "mend one whose archive has another name; its manifest is there: %s",
    async (isThere) => {
      const w = await archived(THREE, { sidecar: "1\n2\n" });
      const key = await keyAt(w, "archiveKey");
      const bytes = await sinkBytesOf(w, key);
      await w.ports.archives.delete(key);
      await w.ports.archives.put("conflicted copy of something", bytesOf(bytes));
      if (!isThere) await w.ports.archives.delete(await keyAt(w, "manifestKey"));
      expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "mended", quarantined: [] });
      await w.archiver.verify("s");
      expect(await readText(w, "s")).toBe(THREE);
    },
  );

  test("an older archive of the session fills the holes that it can", async () => {
    const w = await archived(THREE);
    const older = await keyAt(w, "archiveKey");
    const olderBytes = await sinkBytesOf(w, older);
    const recorder = w.archiver.recorder("s");
    await recorder.append(jsonl(50));
    await recorder.close();
    await w.archiver.archive("s");
    await w.archiver.archive("s", { repack: true });
    await overwrite(w, older, olderBytes);
    await flip(w, await keyAt(w, "archiveKey"), 0.1, 0.5);
    expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "mended", files: [{ from: ["sink"] }] });
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(THREE + jsonl(50));
  });
});

test.each([
  ["flipped", async (w, key) => flip(w, key, 0.3)],
  ["missing", async (w, key) => w.ports.archives.delete(key)],
  [
    "missing without a manifest",
    async (w, key) => {
      await w.ports.archives.delete(key);
      await w.ports.archives.delete(await keyAt(w, "manifestKey"));
    },
  ],
] as readonly [string, (w: Awaited<ReturnType<typeof archived>>, key: string) => Promise<void>][])(
  "an archive that is %s is mended from its source",
  async (_, harm) => {
    const w = world({ openSource: async () => sourceOf(`${THREE}{"more":1}\n`) });
    await w.archiver.import("s", sourceOf(THREE));
    await w.archiver.archive("s");
    await harm(w, await keyAt(w, "archiveKey"));
    expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "mended", files: [{ from: ["source"] }] });
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(THREE);
  },
);

test("a source that was rewritten gives only the segments that it still has", async () => {
  const w = world({ openSource: async () => sourceOf(THREE.slice(0, 1_500_000) + jsonl(2)) });
  await w.archiver.import("s", sourceOf(THREE));
  await w.archiver.archive("s");
  await flip(w, await keyAt(w, "archiveKey"), 0.1, 0.95);
  const done = await w.archiver.salvage("s");
  expect(done).toMatchObject({ outcome: "salvaged", files: [{ from: ["source"], isExact: true }] });
  expect(await readText(w, "s")).toBe(without(THREE, done.files[0]?.lostLines ?? []));
});

test("a source that can't be opened now does not keep the rest from being salvaged", async () => {
  const w = world({
    openSource: async () => {
      throw new Error("permission denied");
    },
  });
  await w.archiver.import("s", sourceOf(THREE));
  await w.archiver.archive("s");
  await flip(w, await keyAt(w, "archiveKey"), 0.5);
  expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "salvaged" });
  expect(w.events).toContainEqual(expect.objectContaining({ type: "warning", message: "permission denied" }));
});
