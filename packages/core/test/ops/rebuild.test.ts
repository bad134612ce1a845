/** A catalogue that is lost comes back from the sink; one that lacks something gets it; nothing is given up by it. */
import { expect, test } from "vitest";
import { type Kv, memoryBlobs, memoryObjects, portsFromKv } from "../../src/adapter.js";
import { bytesOf, createArchiver, type Ports, type SessionInfo } from "../../src/index.js";
import { archived, copyOf, text } from "../catalogues.js";
import {
  APART,
  DAY,
  encode,
  jsonl,
  keysOf,
  loseManifests,
  makeSession,
  metaOf,
  readText,
  type World,
  world,
} from "../support.js";
import { sourceOf } from "./import/sources.js";
import { inState, MORE, TEXT } from "./states.js";

/** The same sink with a new, empty catalogue. */
function lost(w: World, what: "objects" | "both" = "both"): World {
  const next = world({
    objects: memoryObjects(),
    blobs: what === "both" ? memoryBlobs() : w.ports.blobs,
    archives: w.ports.archives,
  });
  next.now = w.now + 1000;
  return next;
}

async function infosOf({ archiver }: World): Promise<Record<string, SessionInfo>> {
  const infos = await Array.fromAsync(archiver.list());
  // Keys whose objects are gone are noted until the next gc.
  const plain = ({ meta: { "session:given_up": _, ...meta }, ...info }: SessionInfo) => ({ ...info, meta });
  return Object.fromEntries(infos.map((info) => [info.id, plain(info)]));
}

async function append({ archiver }: World, id: string, more: string): Promise<void> {
  const recorder = archiver.recorder(id);
  await recorder.append(more);
  await recorder.close();
}

test("archived, pruned, purged and pinned sessions come back as they were", async () => {
  const w = world();
  for (const id of ["archived", "pruned", "purged", "pinned", "unpinned", "undone"])
    await makeSession(w, id, text, { title: id, "session:last_activity_ms": w.now - DAY });
  for (const id of ["archived", "pruned", "purged", "pinned", "unpinned", "undone"]) await w.archiver.archive(id);
  await w.archiver.pruneSession("purged", { reason: "old" });
  await w.archiver.prune({ graceDays: 0 });
  await w.archiver.pruneSession("pruned", { reason: "large" });
  await w.archiver.pruneSession("undone");
  await w.archiver.undoPrune("undone");
  await w.archiver.pin("pinned", true);
  await w.archiver.pin("unpinned", true);
  await w.archiver.pin("unpinned", false);
  const before = await infosOf(w);
  const next = lost(w);
  const report = await next.archiver.rebuild();
  expect(report).toMatchObject({ storeId: await w.archiver.storeId(), prunedCount: 2, liveLost: [], failures: [] });
  expect(report.made.toSorted()).toEqual(Object.keys(before).toSorted());
  expect(await infosOf(next)).toEqual(before);
  expect(await readText(next, "archived")).toBe(text);
  await next.archiver.undoPrune("pruned");
  expect(await readText(next, "pruned")).toBe(text);
  expect(await next.archiver.verifyAll()).toMatchObject({ bad: [] });
});

test("again, it finds nothing to do, and the catalogue may go on as the lost one would have", async () => {
  const w = await archived("s", "t");
  await w.archiver.pin("t", true);
  const keys = await keysOf(w);
  const next = lost(w);
  await next.archiver.rebuild();
  expect(await next.archiver.storeId()).toBe(await w.archiver.storeId());
  expect(await next.archiver.rebuild()).toMatchObject({ made: [], merged: [], unchangedCount: 2, failures: [] });
  expect(await next.archiver.gc({ graceDays: 0 })).toMatchObject({ keys: [], refused: null, unknown: { count: 0 } });
  expect(await keysOf(next)).toEqual(keys);
  await next.archiver.restore("s");
  expect((await next.archiver.gc({ graceDays: 0 })).keys).toHaveLength(2);
});

test("output that was live in the lost store alone is named", async () => {
  const w = world();
  for (const id of ["restored", "resumed", "archived-again", "never"]) await makeSession(w, id, text);
  for (const id of ["restored", "resumed", "archived-again"]) await w.archiver.archive(id);
  await w.archiver.restore("restored");
  await append(w, "resumed", MORE);
  await append(w, "archived-again", MORE);
  await w.archiver.archive("archived-again");
  const next = lost(w);
  const report = await next.archiver.rebuild();
  expect(report.liveLost.toSorted()).toEqual(["restored", "resumed"]);
  expect(report.made.toSorted()).toEqual(["archived-again", "restored", "resumed"]);
  expect(await readText(next, "archived-again")).toBe(text + MORE);
  expect(await readText(next, "resumed")).toBe(text);
  expect(await readText(next, "restored")).toBe(text);
  const again = await next.archiver.rebuild();
  expect(again.liveLost.toSorted()).toEqual(["restored", "resumed"]);
});

test("a tombstone has the date of the lost one, however long the prune took", async () => {
  const w = await archived("a", "b", "c");
  let now = w.now;
  const slow = createArchiver({ ...w.ports, now: () => (now += 60_000) });
  expect(await slow.prune({ maxTotalBytes: 0 })).toMatchObject({ prunedCount: 3 });
  const before = await infosOf(w);
  const next = lost(w);
  await next.archiver.rebuild();
  expect(await infosOf(next)).toEqual(before);
});

test("an import of the whole source shows that no live output is missing; an older copy does not", async () => {
  const w = world();
  await w.archiver.import("s", sourceOf(TEXT));
  await w.archiver.archive("s");
  await w.archiver.import("s", sourceOf(TEXT + MORE));
  const next = lost(w);
  expect((await next.archiver.rebuild()).liveLost).toEqual(["s"]);
  const kinds = async () => (await Array.fromAsync(next.archiver.examine())).map(({ kind }) => kind);
  expect(await next.archiver.import("s", sourceOf(TEXT.slice(0, -1)))).toMatchObject({ outcome: "older" });
  expect(await kinds()).toEqual(["live-lost"]);
  expect(await next.archiver.import("s", sourceOf(TEXT))).toMatchObject({ outcome: "unchanged" });
  expect(await kinds()).toEqual([]);
});

test("a catalogue that was set back lacks live output of later: the sessions are named, and no others", async () => {
  const w = await archived("restored", "resumed", "again", "still", "known");
  await append(w, "known", MORE);
  const old = await copyOf(w);
  await w.archiver.restore("restored");
  await append(w, "resumed", MORE);
  await append(w, "again", MORE);
  await w.archiver.archive("again");
  await w.archiver.pin("still", true);
  const report = await old.archiver.rebuild();
  expect(report.liveLost.toSorted()).toEqual(["restored", "resumed"]);
  expect(await readText(old, "again")).toBe(text + MORE);
  expect(await readText(old, "known")).toBe(text + MORE);
  expect((await old.archiver.rebuild()).liveLost.toSorted()).toEqual(["restored", "resumed"]);
});

test("a session whose archive is gone and whose bytes were live is named, and not made up", async () => {
  const w = await archived("s");
  await w.archiver.restore("s");
  await w.archiver.gc({ graceDays: 0 });
  const next = lost(w);
  expect(await next.archiver.rebuild()).toMatchObject({ made: [], liveLost: ["s"] });
});

test("what a record gave up for good never comes back, even if its bytes are still there", async () => {
  const w = world();
  await makeSession(w, "purged", text);
  await makeSession(w, "removed", text);
  for (const id of ["purged", "removed"]) await w.archiver.archive(id);
  await append(w, "purged", MORE);
  await w.archiver.archive("purged"); // the first archive is given up by the merge, and still there
  const { delete: forget } = w.ports.archives;
  w.ports.archives.delete = async () => {}; // as if it were cut short before the deletes
  await w.archiver.pruneSession("purged");
  await w.archiver.prune({ graceDays: 0 });
  await w.archiver.remove("removed");
  w.ports.archives.delete = forget;
  expect((await keysOf(w)).length).toBe(6);
  const next = lost(w);
  const report = await next.archiver.rebuild();
  expect(report).toMatchObject({ made: ["purged"], failures: [] });
  expect((await next.archiver.info("purged")).purgedAt).not.toBeNull();
  await expect(next.archiver.info("removed")).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect((await keysOf(w)).length).toBe(6);
});

test("new output after a purge comes back, with what is on record of the purge", async () => {
  const w = await inState("purged");
  await append(w, "s", MORE);
  await w.archiver.archive("s");
  const before = await infosOf(w);
  const next = lost(w);
  expect(await next.archiver.rebuild()).toMatchObject({ made: ["s"], liveLost: [] });
  expect(await infosOf(next)).toEqual(before);
  expect(before["s"]?.lost?.bytes).toBe(TEXT.length);
});

test.each([
  ["lost", async (w: World) => loseManifests(w)],
  [
    "torn",
    async ({ ports }: World, key: string) => {
      const bytes = Buffer.concat(await Array.fromAsync(ports.archives.read(key)));
      await ports.archives.delete(key);
      await ports.archives.put(
        key,
        (async function* () {
          yield bytes.subarray(0, bytes.length / 2);
        })(),
      );
    },
  ],
  [
    "forged",
    async ({ ports }: World, key: string) => {
      const manifest = JSON.parse(Buffer.concat(await Array.fromAsync(ports.archives.read(key))).toString());
      manifest.files[0].segments[0][4] = 7;
      await ports.archives.delete(key);
      await ports.archives.put(
        key,
        (async function* () {
          yield Buffer.from(JSON.stringify(manifest));
        })(),
      );
    },
  ],
])("a manifest that is %s is made anew from the archive", async (name, damage) => {
  const w = world(APART);
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  const key = (await keysOf(w)).find((one) => one.endsWith(".json")) ?? "";
  await damage(w, key);
  const next = lost(w);
  expect(await next.archiver.rebuild()).toMatchObject({ made: ["s"], failures: [] });
  expect(await readText(next, "s")).toBe(text);
  await next.archiver.verify("s");
  const lastActivityMs = name === "forged" ? null : w.now - 30 * DAY + 4000;
  expect(await next.archiver.info("s")).toMatchObject({ state: "archived", lineCount: 5, lastActivityMs });
  expect(await next.archiver.rebuild()).toMatchObject({ made: [], merged: [], unchangedCount: 1 });
});

test("archives that hold different things are all kept: the newest is the output, the others its versions", async () => {
  const w = await archived("s");
  const other = world({ archives: w.ports.archives, objects: w.ports.objects, blobs: memoryBlobs() });
  other.now = w.now + 1000;
  const { version = "" } = (await w.ports.objects.get("s")) ?? {};
  await w.ports.objects.delete("s", version);
  await makeSession(other, "s", jsonl(3, 9));
  await other.archiver.archive("s");
  const next = lost(w);
  expect(await next.archiver.rebuild()).toMatchObject({ made: ["s"], withVersions: ["s"] });
  expect(await readText(next, "s")).toBe(jsonl(3, 9));
  expect(new TextDecoder().decode(await next.archiver.read("s", { version: 1 }).bytes())).toBe(text);
  expect(await next.archiver.verifyAll()).toMatchObject({ bad: [] });
  expect((await next.archiver.gc({ graceDays: 0 })).unknown.count).toBe(0);
});

test("a catalogue that was set back gets the archives made since; nothing is given up", async () => {
  const w = await archived("s", "t");
  const old = await copyOf(w);
  await append(w, "s", MORE);
  await w.archiver.archive("s");
  await makeSession(w, "new", text);
  await w.archiver.archive("new");
  await w.archiver.pin("t", true);
  const keys = await keysOf(w);
  old.now = w.now + 1000;
  expect(await old.archiver.rebuild()).toMatchObject({ made: ["new"], merged: ["s"], failures: [] });
  expect(await readText(old, "s")).toBe(text + MORE);
  expect((await metaOf(old, "s"))["session:given_up"]).toBeUndefined();
  expect((await old.archiver.info("t")).pinned).toBe(true);
  expect(await old.archiver.setBack()).toBeNull();
  expect(await keysOf(old)).toEqual(keys);
});

test("a session with live output keeps it, and gets what it lacks as a version", async () => {
  const w = await archived("s");
  const old = await copyOf(w);
  await append(w, "s", MORE);
  await w.archiver.archive("s");
  await append(old, "s", "other\n");
  await old.archiver.rebuild();
  expect(await readText(old, "s")).toBe(`${text}other\n`);
  expect(new TextDecoder().decode(await old.archiver.read("s", { version: 1 }).bytes())).toBe(text + MORE);
});

test.each(["archived", "resumed", "restored", "kept"] as const)(
  "if the objects alone are lost, live bytes stay as they are: %s",
  async (state) => {
    const w = await inState(state);
    if (state === "restored" || state === "kept") await append(w, "s", MORE);
    const before = await readText(w, "s");
    const next = lost(w, "objects");
    expect(await next.archiver.rebuild()).toMatchObject({ made: ["s"], failures: [] });
    expect(await readText(next, "s")).toBe(before);
    await next.archiver.settle("s");
    expect(await readText(next, "s")).toBe(before);
    await next.archiver.archive("s");
    expect(await readText(next, "s")).toBe(before);
    expect((await next.archiver.info("s")).state).toBe("archived");
  },
);

test("of a sink that several stores share, one is to be named; the other's archives are left alone", async () => {
  const w = await archived("mine");
  const other = world({ archives: w.ports.archives });
  await makeSession(other, "theirs", text);
  await other.archiver.archive("theirs");
  const next = lost(w);
  await expect(next.archiver.rebuild()).rejects.toMatchObject({ code: "CONFLICT" });
  const storeId = (await w.archiver.storeId()) ?? "";
  expect(await next.archiver.rebuild({ storeId })).toMatchObject({ made: ["mine"], storeId });
  await expect(next.archiver.rebuild({ storeId: "ffffffffffff" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(next.archiver.rebuild({ storeId: "x" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

test("what can be read of a damaged catalogue is taken over, with its live bytes; what can't comes from the archives", async () => {
  const w = world();
  for (const id of ["live", "archived", "resumed", "torn", "hidden"]) await makeSession(w, id, text, { title: id });
  for (const id of ["archived", "resumed", "hidden"]) await w.archiver.archive(id);
  await append(w, "resumed", MORE);
  const before = await infosOf(w);
  const { get, list } = w.ports.objects;
  const corrupt = (): never => {
    throw Object.assign(new Error("The page is malformed."), { code: "CORRUPT" });
  };
  const damaged: Ports = {
    ...w.ports,
    objects: {
      ...w.ports.objects,
      get: async (id, op) => (id === "hidden" ? corrupt() : get(id, op)),
      async *list(query, op) {
        for await (const object of list(query, op)) {
          if (object.id === "hidden") corrupt();
          yield object;
        }
      },
    },
    blobs: {
      ...w.ports.blobs,
      async *read(at, range, op) {
        if (at.key.id !== "torn") return yield* w.ports.blobs.read(at, range, op);
        yield encode(`${text.slice(0, 500)}`);
        corrupt();
      },
    },
  };
  const next = lost(w);
  const report = await next.archiver.rebuild({ from: damaged });
  expect(report).toMatchObject({ made: ["hidden"], cut: ["torn"], failures: [], liveLost: [] });
  expect(report.copied.toSorted()).toEqual(["archived", "live", "resumed", "torn"]);
  const { torn: _, ...others } = before;
  expect(await infosOf(next)).toMatchObject(others);
  expect(await readText(next, "resumed")).toBe(text + MORE);
  const rest = await readText(next, "torn");
  expect(text.startsWith(rest)).toBe(true);
  expect(rest.endsWith("\n")).toBe(true);
  expect(await next.archiver.storeId()).toBe(await w.archiver.storeId());
  expect(await next.archiver.rebuild({ from: damaged })).toMatchObject({ made: [], copied: [], merged: [] });
});

test("a damaged object is moved to quarantine, and its session comes back from its archive and live bytes", async () => {
  const rows = new Map<string, { version: string; value: Uint8Array }>();
  let versions = 0;
  const kv: Kv = {
    get: async (key) => rows.get(key),
    async set(key, value, expected) {
      if ((rows.get(key)?.version ?? null) !== expected) return undefined;
      const version = String(++versions);
      rows.set(key, { version, value });
      return version;
    },
    delete: async (key, expected) => rows.get(key)?.version === expected && rows.delete(key),
    async *keys(prefix) {
      for (const key of [...rows.keys()]) if (key.startsWith(prefix)) yield key;
    },
  };
  const w = world(portsFromKv(kv));
  await makeSession(w, "s", text, { title: "Kept" });
  await makeSession(w, "whole", text);
  await w.archiver.archive("s");
  await append(w, "s", MORE);
  const torn = encode('{"view":"agent","sess');
  rows.set("object/s", { version: rows.get("object/s")?.version ?? "", value: torn });
  await expect(w.archiver.info("s")).rejects.toMatchObject({ code: "CORRUPT" });
  const { quarantined, ...report } = await w.archiver.rebuild();
  expect(report).toMatchObject({ made: ["s"], failures: [] });
  expect(await readText(w, "s")).toBe(text + MORE);
  expect(await w.archiver.info("s")).toMatchObject({ state: "resumed", meta: { title: "Kept" } });
  expect(await Array.fromAsync(w.ports.archives.read(quarantined[0] ?? ""))).toEqual([torn]);
  await expect(w.ports.objects.takeDamaged?.("whole", async () => {})).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await readText(w, "whole")).toBe(text);
});

test("a forgotten session stays forgotten, also in a catalogue that is made anew, and whatever turns up in the sink", async () => {
  const w = await archived("s", "t");
  const kept: { readonly key: string; readonly bytes: Uint8Array }[] = [];
  for await (const { key } of w.ports.archives.list()) {
    if (key.includes("/s."))
      kept.push({ key, bytes: Buffer.concat(await Array.fromAsync(w.ports.archives.read(key))) });
  }
  w.now += 1000;
  await w.archiver.forget("s");
  const before = await infosOf(w);
  for (const { key, bytes } of kept) await w.ports.archives.put(key, bytesOf(bytes)); // a backup of the sink is put back
  expect(await w.archiver.rebuild()).toMatchObject({ made: [], merged: [] });
  expect(await infosOf(w)).toEqual(before);
  const next = lost(w);
  expect((await next.archiver.rebuild()).made.toSorted()).toEqual(["s", "t"]);
  expect(await infosOf(next)).toEqual(before);
  await expect(readText(next, "s")).rejects.toMatchObject({ code: "PRUNED" });
});
