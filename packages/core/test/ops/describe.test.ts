/** Facts that are noted about sessions which are there already. */
import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { decodeManifest } from "../../src/format.js";
import { bytesOf, type Describe, type Facts, toBytes } from "../../src/index.js";
import { APART, encode, jsonl, keysOf, makeSession, readText, type World, world } from "../support.js";
import { sourceOf } from "./import/sources.js";

/** A hook that counts bytes; `read` is how many it was given. */
function counting(version = 1): Describe & { read: number } {
  const hook = {
    by: "test",
    version,
    read: 0,
    open(known: Facts | undefined) {
      let bytes = Number(known?.values["bytes"] ?? 0);
      return {
        add(chunk: Uint8Array) {
          hook.read += chunk.length;
          bytes += chunk.length;
        },
        values: () => ({ bytes }),
      };
    },
  };
  return hook;
}

const TEXT = jsonl(40, 1);
const MORE = jsonl(9, 2);
const facts = (bytes: number, version = 1) => ({ by: "test", version, bytes, values: { bytes } });

async function manifestFacts(w: World, id = "s"): Promise<Facts | undefined> {
  const key = String((await w.ports.objects.get(id))?.meta[KEY.manifestKey]);
  return decodeManifest(await toBytes(w.shown.read(key)), key).facts;
}

/** A world with the same stores, and this hook. */
function worldWith(w: World, hook: Describe): World {
  return world({ ...w.ports, describe: hook });
}

test("of a live session go into its metadata, and later continue where they ended", async () => {
  const w = world();
  await makeSession(w, "s", TEXT);
  const hook = counting();
  const { archiver } = worldWith(w, hook);
  expect(await archiver.describe("s")).toEqual({ id: "s", outcome: "described", facts: facts(TEXT.length) });
  expect((await w.archiver.info("s")).facts).toEqual(facts(TEXT.length));
  const before = await w.ports.objects.get("s");
  expect(await archiver.describe("s")).toMatchObject({ outcome: "unchanged" });
  expect(await w.ports.objects.get("s")).toEqual(before);
  await w.archiver.recorder("s").append(MORE);
  expect(await archiver.describe("s")).toMatchObject({ outcome: "described", facts: facts((TEXT + MORE).length) });
  expect(hook.read).toBe((TEXT + MORE).length);
});

test("of an archived session go into a new manifest, beside the archive, which stays", async () => {
  const w = world(APART);
  await makeSession(w, "s", TEXT, { title: "kept" });
  await w.archiver.archive("s");
  await w.archiver.verifyAll(undefined, { note: true });
  const { archiveKey, archivedAt, knownWholeAt } = await w.archiver.info("s");
  const bytes = await toBytes(w.ports.archives.read(archiveKey ?? ""));
  const keys = await keysOf(w);
  w.now += 60_000;
  const { archiver } = worldWith(w, counting());
  expect(await archiver.describe("s")).toMatchObject({ outcome: "described" });
  expect(await manifestFacts(w)).toEqual(facts(TEXT.length));
  const info = await archiver.info("s");
  expect(info).toMatchObject({ state: "archived", archiveKey, archivedAt, knownWholeAt, facts: facts(TEXT.length) });
  expect(info.meta).toMatchObject({ title: "kept" });
  expect(await toBytes(w.ports.archives.read(archiveKey ?? ""))).toEqual(bytes);
  await archiver.verify("s");
  expect(await readText(w, "s")).toBe(TEXT);
  let stored = 0;
  for await (const { key, size } of w.ports.archives.list()) if (namesArchive(info.meta, key)) stored += size;
  expect(info.archiveBytes).toBe(stored);
  await archiver.gc({ graceDays: 0 });
  expect(await keysOf(w)).toHaveLength(keys.length);
  await archiver.verify("s");
  expect(await archiver.describe("s")).toMatchObject({ outcome: "unchanged" });
});

function namesArchive(meta: Readonly<Record<string, unknown>>, key: string): boolean {
  return key === meta[KEY.archiveKey] || key === meta[KEY.manifestKey];
}

test.each([
  ["in the same millisecond", 0],
  ["behind a clock that was set back by a second", -1000],
])("noted %s as the archive, they come back with a rebuild", async (_, later) => {
  const w = world();
  const described = worldWith(w, counting());
  // Keys end at random, so one session would come back by luck.
  const ids = Array.from({ length: 20 }, (_, i) => `s${i}`);
  for (const id of ids) {
    await makeSession(w, id, TEXT, { title: "old" });
    await w.archiver.archive(id);
    await w.archiver.update(id, (meta) => ({ ...meta, title: "new" }));
    described.now = w.now + later;
    await described.archiver.describe(id);
  }
  const lost = world({ ...world().ports, archives: w.ports.archives });
  await lost.archiver.rebuild();
  for (const id of ids) {
    expect(await lost.archiver.info(id)).toMatchObject({ meta: { title: "new" }, facts: facts(TEXT.length) });
    expect((await lost.archiver.info(id)).archivedAt).toBe(w.now);
  }
});

test("come back with a rebuild, and are those of the newer extractor", async () => {
  const w = world({ describe: counting(1) });
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  const later = worldWith(w, counting(2));
  later.now += 1000;
  await later.archiver.describe("s");
  const lost = world({ ...world().ports, archives: w.ports.archives });
  await lost.archiver.rebuild();
  expect((await lost.archiver.info("s")).facts).toEqual(facts(TEXT.length, 2));
});

test("are extracted anew on request, although they describe everything", async () => {
  const w = world({ describe: counting() });
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  const better = counting();
  const open = better.open;
  better.open = (known) => ({ ...open(known), values: () => ({ title: "better" }) });
  const { archiver } = worldWith(w, better);
  expect(await archiver.describe("s")).toMatchObject({ outcome: "unchanged" });
  expect(better.read).toBe(0);
  const values = { title: "better" };
  expect(await archiver.describe("s", { refresh: true })).toMatchObject({ outcome: "described", facts: { values } });
  expect(await manifestFacts(w)).toMatchObject({ values });
  expect(await archiver.describe("s", { refresh: true })).toMatchObject({ outcome: "unchanged" });
});

test("that the metadata has and the manifest lacks are written there", async () => {
  const w = world();
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  const hook = counting();
  const { archiver } = worldWith(w, hook);
  await archiver.import("s", sourceOf(TEXT));
  expect(await manifestFacts(w)).toBeUndefined();
  expect(await archiver.describe("s")).toMatchObject({ outcome: "described" });
  expect(await manifestFacts(w)).toEqual(facts(TEXT.length));
});

test("of a resumed session describe the new output, too, and reach the manifest with it", async () => {
  const w = world();
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  await w.archiver.recorder("s").append(MORE);
  const { archiver } = worldWith(w, counting());
  expect(await archiver.describe("s")).toMatchObject({ facts: facts((TEXT + MORE).length) });
  expect(await manifestFacts(w)).toBeUndefined();
  await archiver.archive("s");
  expect(await manifestFacts(w)).toEqual(facts((TEXT + MORE).length));
});

test("there are none of a session without output, of a pruned one, of an unknown one, and without a hook", async () => {
  const w = world({ describe: counting() });
  await w.archiver.create("empty");
  expect(await w.archiver.describe("empty")).toEqual({ id: "empty", outcome: "empty", facts: null });
  await expect(w.archiver.describe("t")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  await w.archiver.pruneSession("s");
  await expect(w.archiver.describe("s")).rejects.toMatchObject({ code: "PRUNED" });
  await expect(world().archiver.describe("s")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  const wrong = { refresh: 1 } as never;
  await expect(w.archiver.describe("s", wrong)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

test("that a hook fails to give leave the session as it is", async () => {
  const w = world();
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  const before = await w.ports.objects.get("s");
  const failing: Describe = {
    by: "test",
    version: 1,
    open() {
      throw new Error("broken hook");
    },
  };
  await expect(worldWith(w, failing).archiver.describe("s")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(await w.ports.objects.get("s")).toEqual(before);
});

test("of a missing archive there are none: CORRUPT, with its key", async () => {
  const w = world();
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  const key = (await w.archiver.info("s")).archiveKey ?? "";
  await w.ports.archives.delete(key);
  const failed = { code: "CORRUPT", id: "s", key, message: expect.stringContaining(`There is no archive "${key}"`) };
  await expect(worldWith(w, counting()).archiver.describe("s", { refresh: true })).rejects.toMatchObject(failed);
});

test("of a damaged archive there are none: CORRUPT, and nothing is changed", async () => {
  const w = world();
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  const { archiveKey } = await w.archiver.info("s");
  const bytes = Uint8Array.from(await toBytes(w.ports.archives.read(archiveKey ?? "")));
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
  await w.ports.archives.delete(archiveKey ?? "");
  await w.ports.archives.put(archiveKey ?? "", bytesOf(bytes));
  const [before, keys] = [await w.ports.objects.get("s"), await keysOf(w)];
  await expect(worldWith(w, counting()).archiver.describe("s")).rejects.toMatchObject({ code: "CORRUPT" });
  expect(await w.ports.objects.get("s")).toEqual(before);
  expect(await keysOf(w)).toEqual(keys);
});

/** Describes the session; what others do meanwhile is done once its first byte was read. */
async function describeWhile(w: World, meanwhile: (w: World) => Promise<unknown>): Promise<unknown> {
  let work: Promise<unknown> | undefined;
  const hook = counting();
  const { open } = hook;
  hook.open = (known) => {
    const describing = open(known);
    const add = (chunk: Uint8Array): void => {
      work ??= meanwhile(w);
      describing.add(chunk);
    };
    return { ...describing, add };
  };
  const { archives, objects } = w.ports;
  const put: typeof archives.put = async (...args) => {
    await work;
    return archives.put(...args);
  };
  const get: typeof objects.get = async (...args) => {
    await work;
    return objects.get(...args);
  };
  const slow = { ...w.ports, archives: { ...archives, put }, objects: { ...objects, get } };
  const result = await world({ ...slow, describe: hook }).archiver.describe("s");
  await work;
  return result;
}

test.each<[string, (w: World) => Promise<unknown>]>([
  ["is pinned", (w) => w.archiver.pin("s", true)],
  ["gets new output", (w) => w.archiver.recorder("s").append(MORE)],
  ["is restored", (w) => w.archiver.restore("s")],
  ["is described by another", (w) => worldWith(w, counting()).archiver.describe("s")],
  ["is archived anew", (w) => w.archiver.archive("s", { mendTimes: true })],
])("of an archived session that %s meanwhile are right all the same", async (_, meanwhile) => {
  const w = world();
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  await describeWhile(w, meanwhile);
  const { archiver } = worldWith(w, counting());
  await archiver.describe("s");
  const text = await readText(w, "s");
  expect(text.startsWith(TEXT)).toBe(true);
  expect((await w.archiver.info("s")).facts).toEqual(facts(encode(text).length));
  await archiver.verify("s");
  await archiver.gc({ graceDays: 0 });
  await archiver.archive("s");
  expect(await manifestFacts(w)).toEqual(facts(encode(text).length));
  await archiver.verify("s");
});

test.each<[string, (w: World) => Promise<unknown>, string]>([
  ["is pruned", (w) => w.archiver.pruneSession("s"), "PRUNED"],
  ["is removed", (w) => w.archiver.remove("s"), "NOT_FOUND"],
  ["is forgotten", (w) => w.archiver.forget("s"), "PRUNED"],
])("of an archived session that %s meanwhile are not noted", async (_, meanwhile, code) => {
  const w = world();
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  await expect(describeWhile(w, meanwhile)).rejects.toMatchObject({ code });
  const object = await w.ports.objects.get("s");
  expect(object?.meta[KEY.facts]).toBeUndefined();
});
