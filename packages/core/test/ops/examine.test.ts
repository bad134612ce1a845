/** Findings name and grade each fault, and the operation that mends it; a healthy store has none. */
import { expect, test } from "vitest";
import { memoryBlobs, memoryObjects } from "../../src/adapter.js";
import { quarantineKey } from "../../src/format/keys.js";
import { bytesOf, type Finding, type Ports } from "../../src/index.js";
import { archived, copyOf, text } from "../catalogues.js";
import { APART, encode, jsonl, keysOf, loseManifests, makeSession, readText, type World, world } from "../support.js";
import { inState, MORE, STATES } from "./states.js";

async function find({ archiver }: World, quick = false): Promise<readonly Finding[]> {
  return Array.fromAsync(archiver.examine({ quick, graceDays: 0 }));
}

async function kindsOf(w: World, quick = false): Promise<readonly string[]> {
  return (await find(w, quick)).map(({ kind, severity, remedy }) => `${severity} ${kind} ${remedy}`);
}

async function everything({ ports }: World): Promise<string> {
  const objects = await Array.fromAsync(ports.objects.list());
  const own = await ports.objects.ownMeta?.get();
  const archives = [];
  for await (const info of ports.archives.list())
    archives.push(info.key, await Array.fromAsync(ports.archives.read(info.key)));
  return JSON.stringify([objects, own, archives]);
}

async function replace({ ports }: World, key: string, change: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  const bytes = Buffer.concat(await Array.fromAsync(ports.archives.read(key)));
  await ports.archives.delete(key);
  await ports.archives.put(key, bytesOf(change(bytes)));
}

async function keyOf(w: World, ending: string): Promise<string> {
  return (await keysOf(w)).find((key) => key.endsWith(ending)) ?? "";
}

/** Sessions of which none holds what another holds: a salvage finds the same bytes anywhere in the sink. */
async function differing(...ids: readonly string[]): Promise<World> {
  const w = world(APART);
  for (const [i, id] of ids.entries()) await makeSession(w, id, jsonl(5, i + 1));
  for (const id of ids) await w.archiver.archive(id);
  return w;
}

test.each(STATES)("a settled session has no findings, and is not changed: %s", async (state) => {
  const w = await inState(state);
  await w.archiver.gc({ graceDays: 0 });
  const before = await everything(w);
  expect(await find(w)).toEqual([]);
  expect(await everything(w)).toBe(before);
});

test("a lost catalogue, and one that belongs to another sink", async () => {
  const w = await archived("s", "t");
  const lost = world({ objects: memoryObjects(), blobs: memoryBlobs(), archives: w.ports.archives });
  expect(await kindsOf(lost)).toEqual(["damage catalogue-empty rebuild"]);
  await lost.archiver.rebuild();
  expect(await find(lost)).toEqual([]);
  const other = await archived("u");
  const foreign = world({ objects: other.ports.objects, blobs: other.ports.blobs, archives: w.ports.archives });
  expect(await kindsOf(foreign)).toEqual(["damage catalogue-foreign replace"]);
});

test("a catalogue that was set back, and archives that it does not know", async () => {
  const w = await archived("s", "t");
  const old = await copyOf(w);
  const recorder = w.archiver.recorder("s");
  await recorder.append(MORE);
  await recorder.close();
  await w.archiver.archive("s");
  await makeSession(w, "new", text);
  await w.archiver.archive("new");
  expect(await kindsOf(old)).toEqual([
    "warning catalogue-set-back rebuild",
    "damage sessions-unknown rebuild",
    "warning archives-unknown rebuild",
  ]);
  await old.archiver.rebuild();
  expect(await kindsOf(old)).toEqual(["note superfluous gc"]);
  expect(await readText(old, "s")).toBe(text + MORE);
});

test.each([
  ["warning manifest-damaged salvage", loseManifests],
  ["damage archive-damaged null", async (w: World) => replace(w, await keyOf(w, ".gz"), flip)],
  ["damage archive-missing null", async (w: World) => w.ports.archives.delete(await keyOf(w, ".gz"))],
])("%s", async (expected, damage) => {
  const w = await differing("s", "other");
  const key = await keyOf(w, ".gz");
  await damage(w);
  const [finding] = (await find(w)).filter(({ ids }) => key.includes(`/${ids[0]}.`));
  expect(`${finding?.severity} ${finding?.kind} ${finding?.remedy}`).toBe(expected);
  expect(finding?.message).toContain(`"${finding?.ids[0]}"`);
});

function flip(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[30] = (copy[30] ?? 0) ^ 1;
  return copy;
}

test("a flipped bit is not looked for if it is to be quick; a missing file is found all the same", async () => {
  const w = await archived("s");
  await replace(w, await keyOf(w, ".gz"), flip);
  expect(await kindsOf(w, true)).toEqual([]);
  await w.ports.archives.delete(await keyOf(w, ".gz"));
  expect(await kindsOf(w, true)).toEqual(["damage archive-missing null"]);
});

test("a tombstone whose archive is gone is closed, and then says that it can't be taken back", async () => {
  const w = await differing("s", "t");
  await w.archiver.pruneSession("s");
  for (const key of await keysOf(w)) if (key.includes("/s.")) await w.ports.archives.delete(key);
  expect(await kindsOf(w)).toEqual(["warning tombstone-dangling salvage"]);
  expect(await w.archiver.salvage("s", { dryRun: true })).toMatchObject({ outcome: "closed" });
  expect((await w.archiver.info("s")).purgedAt).toBeNull();
  expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "closed" });
  expect((await w.archiver.info("s")).purgedAt).not.toBeNull();
  await expect(w.archiver.undoPrune("s")).rejects.toMatchObject({ code: "PRUNED" });
  expect(await find(w)).toEqual([]);
});

test("what was cut short, what lies in quarantine, and damaged records are notes", async () => {
  const w = await archived("s");
  const store = await w.archiver.storeId();
  const failing: Partial<Ports> = {
    ...w.ports,
    blobs: { ...w.ports.blobs, create: async () => Promise.reject(new Error("the power is cut")) },
  };
  await expect(world(failing).archiver.restore("s")).rejects.toThrow();
  await w.ports.archives.put(quarantineKey(await keyOf(w, ".gz")) ?? "", bytesOf(encode("damaged")));
  await w.archiver.pin("s", true);
  for await (const { key } of w.ports.archives.list(`${store}/runs/`)) await replace(w, key, () => encode("torn"));
  expect(await kindsOf(w)).toEqual(["note record-damaged null", "note unfinished settle", "note quarantine null"]);
  await w.archiver.settle("s");
  expect(await kindsOf(w)).toEqual(["note record-damaged null", "note quarantine null"]);
});

test("metadata that are no session's are made anew from the archive", async () => {
  const w = await archived("s", "t");
  const object = await w.ports.objects.get("s");
  await w.ports.objects.put("s", { ...object?.meta, "session:archive_files": "torn" }, object?.version ?? null);
  expect(await kindsOf(w)).toContain("damage object-damaged rebuild");
  expect(await w.archiver.rebuild()).toMatchObject({
    made: ["s"],
    quarantined: [expect.stringContaining("quarantine/")],
  });
  expect(await readText(w, "s")).toBe(text);
  expect(await kindsOf(w)).toEqual(["note quarantine null"]);
});

test("archives of another store are a note, and its id is named: a rebuild with it takes its sessions in", async () => {
  const w = await archived("old");
  const storeId = (await w.archiver.storeId()) ?? "";
  const next = world({ objects: memoryObjects(), blobs: memoryBlobs(), archives: w.ports.archives });
  await makeSession(next, "new", jsonl(3, 7));
  await next.archiver.archive("new");
  expect(await kindsOf(next)).toEqual(["note other-stores null"]);
  expect((await find(next))[0]?.message).toContain(storeId);
  const otherStores = [{ storeId, objects: 2 }];
  expect(await next.archiver.rebuild()).toMatchObject({ made: [], otherStores });
  expect(await next.archiver.rebuild({ storeId })).toMatchObject({ made: ["old"] });
  expect(await readText(next, "old")).toBe(text);
  expect(await readText(next, "new")).toBe(jsonl(3, 7));
  expect(await next.archiver.storeId()).not.toBe(storeId);
});
