/** Sink keys: what they say, which are the library's own, and archives whose keys version 0.1 has made. */
import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import {
  keyPrefixes,
  keyTime,
  manifestKey,
  newArchiveKeyBase,
  outputKey,
  QUARANTINE_PREFIX,
  quarantinedKey,
  quarantineKey,
  recordKey,
  sidecarKey,
} from "../../src/format/keys.js";
import { crc32, isRecordKey, parseKey, sessionIdOf } from "../../src/format.js";
import { bytesOf, MAX_ARCHIVABLE_ID_LENGTH, type Meta } from "../../src/index.js";
import { encode, jsonl, keysOf, makeSession, metaOf, NOW, readText, type World, world } from "../support.js";

const STORE = "0123456789ab";
const RANDOM = "00112233445566ff";

test.each(["s", "a/b", "ü/…", "s.20260101t000000000z", "a\nb", "none/00/x", " "])(
  "keys say their session: %j",
  (id) => {
    for (const store of [STORE, undefined]) {
      const keyBase = newArchiveKeyBase(id, NOW, RANDOM, store);
      expect(parseKey(outputKey(keyBase))).toEqual({ id, store, keyBase, kind: "output" });
      expect(parseKey(sidecarKey(keyBase, 12))).toEqual({ id, store, keyBase, kind: "sidecar" });
      expect(parseKey(manifestKey(keyBase))).toEqual({ id, store, keyBase, kind: "manifest" });
      expect(parseKey(`${keyBase}.pack.zst`)).toEqual({ id, store, keyBase, kind: "reserved" });
    }
  },
);

test("a session's keys are listed by their beginnings, whichever store made them", () => {
  const bases = [STORE, undefined].map((store) => newArchiveKeyBase("a/b", NOW, RANDOM, store));
  const prefixes = keyPrefixes("a/b", STORE);
  for (const key of [...bases, "a/b.20260101t000000000z-0123456789abcdef"].map((keyBase) => outputKey(keyBase))) {
    expect([key, prefixes.filter((prefix) => key.startsWith(prefix)).length]).toEqual([key, 1]);
  }
});

test.each(["s", "s.20990101t000000000z.00112233445566ff", "s.20990101t000000000z-00112233445566ff.json"])(
  "keys say when their archive was begun, whatever the id says: %j",
  (id) => {
    const time = NOW + 12_345_678;
    const keyBase = newArchiveKeyBase(id, time, RANDOM, STORE);
    for (const key of [outputKey(keyBase), sidecarKey(keyBase, 12), manifestKey(keyBase)])
      expect(keyTime(key)).toBe(time);
    expect(keyTime(`${id}.20260131t235959999z-0123456789abcdef.jsonl.gz`)).toBe(Date.UTC(2026, 0, 31, 23, 59, 59, 999));
  },
);

test("a key without a time has none", () => {
  for (const key of ["", "s.jsonl.gz", `s.20261322t000000000z.${RANDOM}.json`, `s.20261122t990000000z.${RANDOM}.json`])
    expect(keyTime(key)).toBeUndefined();
});

test("keys that no archive can have say nothing", () => {
  const key = outputKey(newArchiveKeyBase("s", NOW, RANDOM, STORE));
  const folder = key.slice(13, 15);
  const others = [
    ...["", "s", "notes.txt", `x${key}`, `${key}.tmp`, key.toUpperCase(), key.replace(STORE, "0123456789a")],
    ...[key.replace(`/${folder}/`, "/zz/"), key.replace(`/${folder}/`, folder === "00" ? "/01/" : "/00/")],
    recordKey(STORE, NOW, RANDOM),
  ];
  for (const other of others) expect([other, sessionIdOf(other)]).toEqual([other, undefined]);
});

test("a run record is known by its key", () => {
  expect(isRecordKey(recordKey(STORE, NOW, RANDOM))).toBe(true);
  expect(isRecordKey(outputKey(newArchiveKeyBase("runs", NOW, RANDOM, STORE)))).toBe(false);
});

test("an id that is too long for a key is refused before anything is written", async () => {
  const w = world();
  const id = "s".repeat(MAX_ARCHIVABLE_ID_LENGTH + 1);
  for (const name of [id, id.slice(1)]) await makeSession(w, name, "x\n");
  await expect(w.archiver.archive(id)).rejects.toMatchObject({ code: "INVALID_ARGUMENT", id });
  expect(await keysOf(w)).toEqual([]);
  await w.archiver.archive(id.slice(1));
  expect(await readText(w, id.slice(1))).toBe("x\n");
});

/** The session's archive as version 0.1 would have named it. */
async function rename(w: World): Promise<void> {
  const { archives, objects } = w.ports;
  const old = (text: string): string => text.replace(/[0-9a-f]{12}\/..\/(s\.\d{8}t\d{9}z)\./g, "$1-");
  let meta: Meta = JSON.parse(old(JSON.stringify(await metaOf(w))));
  for (const key of await keysOf(w)) {
    let bytes = Buffer.concat(await Array.fromAsync(archives.read(key)));
    await archives.delete(key);
    if (key.endsWith(".json")) {
      const before = bytes.length;
      bytes = Buffer.from(old(bytes.toString()));
      const archiveBytes = Number(meta[KEY.archiveBytes]) + bytes.length - before;
      meta = { ...meta, [KEY.manifestCrc32]: crc32(bytes), [KEY.archiveBytes]: archiveBytes };
    }
    await archives.put(old(key), bytesOf(bytes));
  }
  await objects.put("s", meta, (await objects.get("s"))?.version ?? null);
}

test("archives of version 0.1's keys are needed, given up and collected like others", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(5));
  await w.ports.blobs.create({ id: "s", name: "side" }, "live-1", bytesOf(encode("a sidecar")));
  await w.archiver.archive("s");
  await rename(w);
  const keys = await keysOf(w);
  expect(keys.every((key) => /^s\.\d{8}t\d{9}z-[0-9a-f]{16}\.(jsonl\.gz|2\.gz|json)$/.test(key))).toBe(true);
  expect(new Set(keys.map(sessionIdOf))).toEqual(new Set(["s"]));
  await w.archiver.verify("s");
  expect(await w.archiver.gc({ graceDays: 0 })).toMatchObject({ keys: [], unknown: { count: 0 }, refused: null });
  await w.archiver.restore("s");
  expect((await w.archiver.gc({ graceDays: 0 })).keys.toSorted()).toEqual(keys);
  expect(await readText(w, "s")).toBe(jsonl(5));
});

test("defect: a clock that was wrong by millennia made keys of another form", async () => {
  for (const now of [-8.64e15, -1, 0, 253_402_300_800_000, 8.64e15]) {
    const w = world({ now: () => now });
    await makeSession(w, "s", "x\n");
    await w.archiver.archive("s");
    expect(await readText(w, "s")).toBe("x\n");
    expect((await keysOf(w)).map(sessionIdOf)).toEqual(["s", "s"]);
  }
});

test("a key in quarantine says which key it had, and is no archive's, also for keys of version 0.1", () => {
  const base = newArchiveKeyBase("s", NOW, RANDOM, STORE);
  for (const key of [outputKey(base), manifestKey(base), "s.20260102t030405006z-00112233445566ff.jsonl.gz"]) {
    const quarantined = quarantineKey(key) ?? "";
    expect(quarantined.startsWith(QUARANTINE_PREFIX)).toBe(true);
    expect(parseKey(quarantined)).toBeUndefined();
    expect(isRecordKey(quarantined)).toBe(false);
    expect(quarantinedKey(quarantined)).toBe(key);
    expect(quarantinedKey(key)).toBeUndefined();
  }
  const longest = outputKey(newArchiveKeyBase("x".repeat(MAX_ARCHIVABLE_ID_LENGTH), NOW, RANDOM, STORE));
  expect(quarantineKey(longest)).toBeUndefined();
});
