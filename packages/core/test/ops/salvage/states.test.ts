/** Salvage of a session in every state: what is live, pruned or kept stays what it was. */
import { describe, expect, test, vi } from "vitest";
import { bytesOf, toBytes } from "../../../src/index.js";
import { encode, jsonl, makeSession, metaOf, readText, type World, world } from "../../support.js";
import { sourceOf } from "../import/sources.js";
import { archived, flip, keyAt, salvaged, THREE, without } from "./support.js";

const MORE = jsonl(9, 2);

describe.each([["a recorder"], ["an import"]])("new output after the archive, from %s", (by) => {
  test("stays what follows, and goes on", async () => {
    const w = world();
    await w.archiver.import("s", sourceOf(THREE));
    await w.archiver.archive("s");
    if (by === "an import") await w.archiver.import("s", sourceOf(THREE + MORE));
    else {
      const recorder = w.archiver.recorder("s");
      await recorder.append(MORE);
      await recorder.close();
    }
    await flip(w, await keyAt(w, "archiveKey"), 0.5);
    const left = without(THREE, await salvaged(w)) + MORE;
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(left);
    expect(await w.archiver.info("s")).toMatchObject({
      ...{ state: "resumed", rawBytes: left.length, lineCount: left.match(/\n/g)?.length },
    });
    await w.archiver.settle("s");
    const recorder = w.archiver.recorder("s");
    await recorder.append(MORE);
    await recorder.close();
    await w.archiver.archive("s");
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(left + MORE);
    expect((await w.archiver.info("s")).lineCount).toBe((left + MORE).match(/\n/g)?.length);
  });
});

/** Archives the session, whose live blob can't be deleted then. */
async function archiveUndeleted(w: World): Promise<void> {
  const { delete: remove } = w.ports.blobs;
  w.ports.blobs.delete = async () => {
    throw new Error("down");
  };
  await w.archiver.archive("s");
  w.ports.blobs.delete = remove;
}

test("output that came while it was archived still goes on in its blob", async () => {
  const w = world();
  await makeSession(w, "s", THREE);
  await archiveUndeleted(w);
  const at = await w.ports.blobs.stat({ id: "s", name: "output" });
  if (at) await w.ports.blobs.append(at, encode(MORE));
  await flip(w, await keyAt(w, "archiveKey"), 0.5);
  // The blob still holds all that was archived.
  expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "mended", files: [{ from: ["live"] }] });
  await w.archiver.verify("s");
  expect(await readText(w, "s")).toBe(THREE + MORE);
});

test.each([[true], [false]])(
  "a live blob that is still to be deleted mends its archive; its manifest is there: %s",
  async (isThere) => {
    const w = world();
    await makeSession(w, "s", THREE);
    await archiveUndeleted(w);
    await flip(w, await keyAt(w, "archiveKey"), 0.5);
    if (!isThere) await w.ports.archives.delete(await keyAt(w, "manifestKey"));
    expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "mended", files: [{ from: ["live"] }] });
    expect(await w.archiver.settle("s")).toBe(THREE.length);
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(THREE);
  },
);

test("a restore that was cut short after its blob was made mends the archive from it, and is finished", async () => {
  const w = await archived(THREE);
  const { put } = w.ports.objects;
  let puts = 0;
  w.ports.objects.put = async (...args) => {
    if (++puts > 1) throw new Error("died");
    return put(...args);
  };
  await expect(w.archiver.restore("s")).rejects.toThrow("died");
  w.ports.objects.put = put;
  await flip(w, await keyAt(w, "archiveKey"), 0.5);
  expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "mended", files: [{ from: ["live"] }] });
  await w.archiver.verify("s");
  await w.archiver.restore("s");
  expect(await readText(w, "s")).toBe(THREE);
});

test("a pruned session keeps its tombstone", async () => {
  const w = await archived(THREE);
  await w.archiver.pruneSession("s", { reason: "old" });
  const before = await w.archiver.info("s");
  await flip(w, await keyAt(w, "archiveKey"), 0.5);
  const left = without(THREE, await salvaged(w));
  const { prunedAt, pruneReason, undoableUntil, state } = before;
  const lineCount = left.match(/\n/g)?.length;
  expect(await w.archiver.info("s")).toMatchObject({ lineCount, rawBytes: left.length });
  expect(await w.archiver.info("s")).toMatchObject({ prunedAt, pruneReason, undoableUntil, state });
  await expect(readText(w, "s")).rejects.toMatchObject({ code: "PRUNED" });
  await w.archiver.undoPrune("s");
  expect(await readText(w, "s")).toBe(left);
  await w.archiver.verify("s");
});

test("an earlier output that is kept is salvaged likewise, and the present one stays", async () => {
  const openSource = vi.fn(async () => undefined);
  const w = world({ openSource });
  const now = THREE.replaceAll("noise", "voice");
  await w.archiver.import("s", sourceOf(THREE));
  await w.archiver.archive("s");
  await w.archiver.import("s", sourceOf(now));
  await w.archiver.archive("s");
  const [kept] = (await metaOf(w))["session:versions"] as unknown as { path: string }[];
  await flip(w, kept?.path ?? "", 0.5);
  const present = await keyAt(w, "archiveKey");
  const done = await w.archiver.salvage("s");
  expect(done).toMatchObject({
    outcome: "salvaged",
    files: [{ outcome: "whole" }, { version: 1, outcome: "salvaged" }],
  });
  await w.archiver.verify("s");
  expect(openSource).not.toHaveBeenCalled(); // the source holds another output
  expect(await keyAt(w, "archiveKey")).toBe(present);
  expect(await readText(w, "s")).toBe(now);
  const left = without(THREE, done.files[1]?.lostLines ?? []);
  expect(new TextDecoder().decode(await toBytes(w.archiver.read("s", { version: 1 })))).toBe(left);
  const info = await w.archiver.info("s");
  expect(info.versions).toMatchObject([{ rawBytes: left.length }]);
  expect(info.salvaged).toMatchObject([{ version: 1, lostLines: done.files[1]?.lostLines }]);
  await w.archiver.gc({ graceDays: 0 });
  await w.archiver.verify("s");
});

test("a source that comes back later takes the place of what was salvaged", async () => {
  const w = world();
  await w.archiver.import("s", sourceOf(THREE));
  await w.archiver.archive("s");
  await flip(w, await keyAt(w, "archiveKey"), 0.5);
  const left = without(THREE, await salvaged(w));
  expect((await metaOf(w))["session:source"]).not.toHaveProperty("version");
  expect(await w.archiver.import("s", sourceOf(THREE))).toMatchObject({ outcome: "replaced" });
  expect(await readText(w, "s")).toBe(THREE);
  expect(new TextDecoder().decode(await toBytes(w.archiver.read("s", { version: 1 })))).toBe(left);
});

test("an empty sidecar needs nothing to be mended from", async () => {
  const w = await archived(THREE, { sidecar: "" });
  const key = (await metaOf(w))["session:archive_files"] as unknown as { path: string; name: string }[];
  await w.ports.archives.delete(key.find(({ name }) => name === "times")?.path ?? "");
  await w.ports.archives.put("x", bytesOf(encode("y")));
  expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "mended" });
  await w.archiver.verify("s");
  expect(await toBytes(w.archiver.read("s", { name: "times" }))).toEqual(new Uint8Array());
});
