/** Since when a session is known to be whole: never later than is true. */
import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { bytesOf } from "../../src/index.js";
import { hasArchives, knownWholeAt } from "../../src/session/known-whole.js";
import { inState, STATES } from "../ops/states.js";
import { listed } from "../ops/support.js";
import { force, notedAt } from "../ops/verify/support.js";
import { encode, jsonl, makeSession, metaOf, NOW, type World, world } from "../support.js";

const knownOf = async ({ archiver }: World): Promise<number | null> => (await archiver.info("s")).knownWholeAt;

async function append(w: World, text: string): Promise<void> {
  const recorder = w.archiver.recorder("s");
  await recorder.append(text);
  await recorder.close();
}

test.each(STATES)("a %s session is known to be whole since it was archived, if it is", async (state) => {
  const w = await inState(state);
  const known = ["archived", "resumed", "pruned"].includes(state) ? NOW : null;
  expect(await knownOf(w)).toBe(known);
  for (const from of [undefined, "metadata"] as const)
    expect(await listed(w, from)).toMatchObject([{ knownWholeAt: known }]);
});

test("a file that a new archive leaves where it is was read back when it was archived", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3));
  await w.ports.blobs.create({ id: "s", name: "side" }, "live-1", bytesOf(encode("a sidecar")));
  await w.archiver.archive("s");
  w.now += 5000;
  await append(w, "more\n");
  await w.archiver.archive("s");
  expect((await w.archiver.info("s")).archivedAt).toBe(NOW + 5000);
  expect(await knownOf(w)).toBe(NOW);
  w.now += 5000;
  await w.archiver.verify("s", { note: true });
  expect(await knownOf(w)).toBe(NOW + 10_000);
});

test("a version that is kept counts, also of a session that is live", async () => {
  const w = world();
  const importing = async (text: string): Promise<string> =>
    (await w.archiver.import("s", bytesOf(encode(text)), { rewritten: "replace" })).outcome;
  await importing("a\n");
  await w.archiver.archive("s");
  w.now += 1000;
  await w.archiver.verify("s", { note: true });
  w.now += 1000;
  expect(await importing("b\n")).toBe("replaced");
  expect(await notedAt(w)).toBeUndefined();
  expect(await w.archiver.info("s")).toMatchObject({ state: "live", knownWholeAt: NOW });
  await w.archiver.archive("s");
  expect(await knownOf(w)).toBe(NOW);
  await w.archiver.verify("s", { note: true });
  expect(await knownOf(w)).toBe(NOW + 2000);
});

test("the note goes with the archive, and stays with a tombstone and with new output", async () => {
  const w = await inState("archived");
  w.now += 1000;
  await w.archiver.verify("s", { note: true });
  await w.archiver.pruneSession("s");
  expect(await knownOf(w)).toBe(NOW + 1000);
  await w.archiver.undoPrune("s");
  await append(w, "more\n");
  expect(await knownOf(w)).toBe(NOW + 1000);
  w.now += 1000;
  await w.archiver.archive("s");
  expect([await notedAt(w), await knownOf(w)]).toEqual([undefined, NOW + 2000]);
  await w.archiver.verify("s", { note: true });
  await w.archiver.restore("s");
  expect([await notedAt(w), await knownOf(w)]).toEqual([undefined, null]);
  await w.archiver.archive("s");
  await w.archiver.verify("s", { note: true });
  await w.archiver.pruneSession("s");
  await w.archiver.prune({ graceDays: 0 });
  expect([await notedAt(w), await knownOf(w)]).toEqual([undefined, null]);
});

test("an archive that was mended has no note", async () => {
  const w = world();
  const source = () => bytesOf(encode("a\nb\n"));
  await w.archiver.import("s", source());
  await w.archiver.archive("s");
  w.now += 1000;
  await w.archiver.verify("s", { note: true });
  await w.ports.archives.delete((await w.archiver.info("s")).archiveKey ?? "");
  expect((await w.archiver.import("s", source())).outcome).toBe("mended");
  expect([await notedAt(w), await knownOf(w)]).toEqual([undefined, NOW]);
});

test("a note that is older than the archive counts for nothing", async () => {
  const w = await inState("archived");
  await force(w, "s", { [KEY.verifiedAt]: NOW - 1 });
  expect(await knownOf(w)).toBe(NOW);
  const before = await metaOf(w);
  // A note from elsewhere, whose clock was ahead when the archive was made.
  expect(knownWholeAt({ ...before, [KEY.archivedAt]: NOW + 10, [KEY.verifiedAt]: NOW + 5 })).toBe(NOW + 10);
});

test("of metadata that can't be understood nothing is known, unless it was verified", async () => {
  const meta = await metaOf(await inState("archived"));
  const damaged = [
    { [KEY.archiveFiles]: 5 },
    { [KEY.archiveFiles]: [5] },
    { [KEY.archiveFiles]: [{ path: 5 }] },
    { [KEY.archiveFiles]: [{ path: "elsewhere" }] },
    { [KEY.versions]: [5] },
    { [KEY.versions]: [{ replacedAt: 1, path: "x", manifest: "y", bytes: 1, storedBytes: 1, crc32: 1, lines: 1 }] },
  ];
  for (const change of damaged) {
    expect(knownWholeAt({ ...meta, ...change })).toBeUndefined();
    expect(knownWholeAt({ ...meta, ...change, [KEY.verifiedAt]: NOW + 1 })).toBe(NOW + 1);
    expect(knownWholeAt({ ...meta, ...change, [KEY.verifiedAt]: NOW - 1 })).toBeUndefined();
    expect(hasArchives({ ...meta, ...change })).toBe(true);
  }
  expect(knownWholeAt({ [KEY.verifiedAt]: NOW })).toBeUndefined();
});
