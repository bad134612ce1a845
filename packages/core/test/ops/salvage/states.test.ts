/** Salvage of a session in every state: what is live, pruned or kept stays what it was. */
import { describe, expect, test } from "vitest";
import { bytesOf, toBytes } from "../../../src/index.js";
import { encode, jsonl, longLines, makeSession, metaOf, readText, type World, world } from "../../support.js";
import { sourceOf } from "../import/sources.js";
import { archived, flip, keyAt, THREE, without } from "./support.js";

const MORE = jsonl(9, 2);

async function salvaged(w: World, name = "output"): Promise<readonly (readonly [number, number | null])[]> {
  const done = await w.archiver.salvage("s");
  const file = done.files.find((one) => one.name === name);
  expect(file).toMatchObject({ outcome: "salvaged", isExact: true, unproven: false });
  expect(file?.lostLines.length).toBeGreaterThan(0);
  return file?.lostLines ?? [];
}

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

test("output that came while it was archived still goes on in its blob", async () => {
  const w = world();
  await makeSession(w, "s", THREE);
  const { delete: remove } = w.ports.blobs;
  w.ports.blobs.delete = async () => {
    throw new Error("down");
  };
  await w.archiver.archive("s");
  w.ports.blobs.delete = remove;
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
    const { delete: remove } = w.ports.blobs;
    w.ports.blobs.delete = async () => {
      throw new Error("down");
    };
    await w.archiver.archive("s");
    w.ports.blobs.delete = remove;
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
  expect(await w.archiver.info("s")).toMatchObject({ prunedAt, pruneReason, undoableUntil, state });
  await expect(readText(w, "s")).rejects.toMatchObject({ code: "PRUNED" });
  await w.archiver.undoPrune("s");
  expect(await readText(w, "s")).toBe(left);
  await w.archiver.verify("s");
});

test("an earlier output that is kept is salvaged likewise, and the present one stays", async () => {
  const w = world();
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
  expect(await w.archiver.import("s", sourceOf(THREE))).toMatchObject({ outcome: "replaced" });
  expect(await readText(w, "s")).toBe(THREE);
  expect(new TextDecoder().decode(await toBytes(w.archiver.read("s", { version: 1 })))).toBe(left);
});

describe("a line that is longer than a segment", () => {
  const long = `${JSON.stringify({ text: "x".repeat(2_500_000) })}\n`;

  test("is lost as a whole where a part of it is, and no remains are left", async () => {
    const text = jsonl(5) + long + jsonl(5, 3);
    const w = await archived(text);
    const manifest = JSON.parse(
      new TextDecoder().decode(await toBytes(w.ports.archives.read(await keyAt(w, "manifestKey")))),
    );
    const rows = manifest.files[0].segments as [number, number, number][];
    expect(rows.length).toBeGreaterThan(2);
    for (const [offset, size] of rows.slice(1)) {
      const one = await archived(text);
      const key = await keyAt(one, "archiveKey");
      const { size: all = 1 } = (await one.ports.archives.stat(key)) ?? {};
      await flip(one, key, (offset + size - 12) / all, (offset + size - 11) / all);
      const lost = await salvaged(one);
      expect(await readText(one, "s")).toBe(without(text, lost));
      expect((await readText(one, "s")).includes("xx")).toBe(false);
    }
  });

  test("is kept where it begins after the hole", async () => {
    const text = longLines(1100) + long + jsonl(5, 3);
    const w = await archived(text);
    await flip(w, await keyAt(w, "archiveKey"), 0.05);
    const lost = await salvaged(w);
    expect(await readText(w, "s")).toBe(without(text, lost));
    expect(await readText(w, "s")).toContain(long);
  });
});

test("an unfinished last line stays where its segment is whole", async () => {
  const text = `${THREE}{"open":`;
  const w = await archived(text);
  await flip(w, await keyAt(w, "archiveKey"), 0.5);
  const lost = await salvaged(w);
  expect(await readText(w, "s")).toBe(without(text, lost));
  await w.archiver.verify("s");
});

test("an unfinished line that was continued in the next segment is lost as a whole with either part", async () => {
  const w = await archived(`${jsonl(30)}{"begun":`);
  const recorder = w.archiver.recorder("s");
  await recorder.append(`"done"}\n${jsonl(30, 2)}`);
  await recorder.close();
  await w.archiver.archive("s");
  await w.archiver.gc({ graceDays: 0 }); // the older archive would mend it
  const text = await readText(w, "s");
  await flip(w, await keyAt(w, "archiveKey"), 0.2);
  const lost = await salvaged(w);
  expect(lost).toEqual([[0, 31]]);
  expect(await readText(w, "s")).toBe(jsonl(30, 2));
  expect(text.split("\n").length).toBe(62);
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
