import { describe, expect, test } from "vitest";
import { KEY, RESTORED_PREFIX } from "../../src/adapter.js";
import { ArchiverError, type ArchiverOptions, bytesOf, type Meta, toBytes } from "../../src/index.js";
import { DAY, encode, jsonl, keysOf, makeSession, NOW, readText, type World, world } from "../support.js";
import { sourceOf, streamOf, WAYS } from "./sources.js";

const FIRST = jsonl(40, 1);
const LINES = FIRST.match(/.*\n/g) ?? [];
const FROM_3 = LINES.slice(3).join("");

/** What agents do to their transcripts. */
const REWRITTEN: readonly (readonly [string, string])[] = [
  ["its head is lost", FROM_3],
  ["it was rewound, and went on", LINES.slice(0, 20).join("") + jsonl(3, 2)],
  ["something was redacted", FIRST.replace('"user"', '"xxxx"')],
  ["a torn tail was dropped, and it went on", `${FIRST.slice(0, -30)}\n${jsonl(1, 3)}`],
  ["it was compacted to one line", '{"type":"summary"}\n'],
  ["a line was put in at its start", `{"type":"start"}\n${FIRST}`],
];

async function versionText({ archiver }: World, version: number): Promise<string> {
  return new TextDecoder().decode(await toBytes(archiver.read("s", { version })));
}

async function metaOf(w: World): Promise<Meta> {
  return (await w.ports.objects.get("s"))?.meta ?? {};
}

/** A session with a sidecar in this state, that was imported from `FIRST`; `more` was recorded since. */
async function sessionIn(state: string, more = "", options: Partial<ArchiverOptions> = {}): Promise<World> {
  const w = world(options);
  await w.archiver.import("s", sourceOf(FIRST));
  await w.ports.blobs.create({ id: "s", name: "times" }, "live-times", bytesOf(encode("1\n2\n")));
  if (state !== "live") await w.archiver.archive("s");
  if (state === "restored") await w.archiver.restore("s");
  if (state === "resumed") await w.archiver.import("s", sourceOf(FIRST + more));
  return w;
}

describe.each(WAYS)("%s that was rewritten:", (_, from) => {
  test.each(REWRITTEN)("%s: it is the session's output, and what it was stays", async (_, text) => {
    for (const state of ["live", "archived", "restored", "resumed"]) {
      const more = state === "resumed" ? jsonl(2, 9) : "";
      const w = await sessionIn(state, more);
      w.now += 5;
      const done = await w.archiver.import("s", from(text));
      expect(done).toEqual({ id: "s", outcome: "replaced", rawBytes: text.length, addedBytes: text.length });
      expect(await readText(w, "s")).toBe(text);
      expect(await versionText(w, 1)).toBe(FIRST + more);
      const lineCount = text.split("\n").length - 1;
      expect(await w.archiver.info("s")).toMatchObject({
        state: "live",
        lineCount,
        rawBytes: text.length + 4,
        versions: [{ version: 1, replacedAt: w.now, rawBytes: (FIRST + more).length, lineCount: more ? 42 : 40 }],
      });
      expect(await w.archiver.import("s", from(text))).toMatchObject({ outcome: "unchanged" });
      await w.archiver.gc({ graceDays: 0 });
      await w.archiver.archive("s");
      await w.archiver.gc({ graceDays: 0 });
      await w.archiver.verify("s");
      expect(await readText(w, "s")).toBe(text);
      expect(await versionText(w, 1)).toBe(FIRST + more);
      expect(await toBytes(w.archiver.read("s", { name: "times" }))).toEqual(encode("1\n2\n"));
    }
  });

  test("again and again, each version stays, in order", async () => {
    const w = await sessionIn("live");
    const texts = [FIRST, ...REWRITTEN.map(([, text]) => text)];
    for (const text of texts.slice(1)) {
      expect(await w.archiver.import("s", from(text))).toMatchObject({ outcome: "replaced" });
    }
    await w.archiver.gc({ graceDays: 0 });
    for (const [i, text] of texts.slice(0, -1).entries()) expect(await versionText(w, i + 1)).toBe(text);
    expect((await w.archiver.info("s")).versions.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
    await w.archiver.verify("s");
  });

  test("what is a version already, or its beginning, is older: two sources don't take turns", async () => {
    const w = await sessionIn("live");
    await w.archiver.import("s", from(FROM_3));
    for (const older of [FIRST, FIRST.slice(0, 700), LINES.slice(0, 2).join("")]) {
      const done = await w.archiver.import("s", from(older));
      expect(done).toMatchObject({ outcome: "older", rawBytes: FROM_3.length, addedBytes: 0 });
    }
    expect(await w.archiver.info("s")).toMatchObject({ versions: [{ version: 1 }] });
    expect(await readText(w, "s")).toBe(FROM_3);
    await w.archiver.settle("s");
    await w.archiver.verify("s");
    // But what goes on from it has something new.
    expect(await w.archiver.import("s", from(FIRST + FIRST))).toMatchObject({ outcome: "replaced" });
    expect(await readText(w, "s")).toBe(FIRST + FIRST);
  });

  test("whose session has a tombstone, and its bytes still: it is in use again, told, and nothing is lost", async () => {
    const w = await sessionIn("archived");
    await w.archiver.pruneSession("s");
    w.events.length = 0;
    const text = `{"type":"summary"}\n${FIRST}`;
    expect(await w.archiver.import("s", from(text))).toMatchObject({ outcome: "replaced" });
    expect(w.events.filter(({ type }) => type === "revived")).toEqual([
      { type: "revived", id: "s", from: "pruned", lostBytes: 0 },
    ]);
    expect(await readText(w, "s")).toBe(text);
    expect(await versionText(w, 1)).toBe(FIRST);
  });

  test("times, counts and facts are those of the new output, and sweeps find it", async () => {
    const open = (known: unknown) => {
      let bytes = known ? -1 : 0;
      const add = (chunk: Uint8Array): void => {
        bytes += chunk.length;
      };
      return { add, values: () => ({ bytes }) };
    };
    const w = await sessionIn("archived", "", { describe: { by: "test", version: 1, open } });
    const text = jsonl(3, 7);
    await w.archiver.import("s", from(text));
    expect(await metaOf(w)).toMatchObject({
      [KEY.lineCount]: 3,
      [KEY.lastActivity]: NOW - 30 * DAY + 2000,
      [KEY.source]: { size: text.length },
      [KEY.facts]: { bytes: text.length, values: { bytes: text.length } },
    });
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 1 });
  });
});

test("a session without bytes has no version to keep", async () => {
  const w = world();
  await makeSession(w, "s", "");
  expect(await w.archiver.import("s", sourceOf(FIRST))).toMatchObject({ outcome: "appended" });
  expect(await w.archiver.info("s")).toMatchObject({ versions: [] });
});

describe("a version", () => {
  test("is read in every way, and an unknown one is NOT_FOUND", async () => {
    const w = await sessionIn("live");
    await w.archiver.import("s", sourceOf(FROM_3));
    const { archiver } = w;
    const version = 1;
    const text = async (bytes: AsyncIterable<Uint8Array>): Promise<string> =>
      new TextDecoder().decode(await toBytes(bytes));
    expect(await text(archiver.lines("s", { from: 1, to: 3 }, { version }))).toBe(LINES.slice(1, 3).join(""));
    expect(await text(archiver.tail("s", 2, { version }))).toBe(LINES.slice(-2).join(""));
    expect(await text(archiver.read("s", { version, range: { start: 5, end: 99 } }))).toBe(FIRST.slice(5, 99));
    expect((await archiver.open("s", { version })).size).toBe(FIRST.length);
    for (const unknown of [2, 99]) {
      await expect(toBytes(archiver.read("s", { version: unknown }))).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    for (const wrong of [0, -1, 1.5, "1"]) {
      const refused = expect(archiver.open("s", { version: wrong as number })).rejects;
      await refused.toMatchObject({ code: "INVALID_ARGUMENT" });
    }
    const sidecar = archiver.open("s", { version, name: "times" });
    await expect(sidecar).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("outlives the purge of what came after it, and goes with the session", async () => {
    const w = await sessionIn("live");
    await w.archiver.import("s", sourceOf(FROM_3));
    await w.archiver.archive("s");
    await w.archiver.pruneSession("s");
    await w.archiver.prune({ graceDays: 0 });
    await w.archiver.gc({ graceDays: 0 });
    await expect(readText(w, "s")).rejects.toMatchObject({ code: "PRUNED" });
    expect(await versionText(w, 1)).toBe(FIRST);
    await w.archiver.import("s", sourceOf(FROM_3 + FIRST));
    expect(await versionText(w, 1)).toBe(FIRST);
    await w.archiver.remove("s");
    expect(await keysOf(w)).toEqual([]);
  });

  test("that is damaged is found by verify", async () => {
    const w = await sessionIn("archived");
    const key = String((await metaOf(w))[KEY.archiveKey]);
    await w.archiver.import("s", sourceOf(FROM_3));
    await w.archiver.verify("s");
    const bytes = (await toBytes(w.ports.archives.read(key))).slice();
    bytes[60] = ((bytes[60] ?? 0) + 1) & 255;
    await w.ports.archives.delete(key);
    await w.ports.archives.put(key, bytesOf(bytes));
    await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT", key });
    await w.ports.archives.delete(key);
    await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT", key });
    expect(await readText(w, "s")).toBe(FROM_3);
  });

  test("of metadata that names another session's archive is CORRUPT", async () => {
    const w = await sessionIn("live");
    await w.archiver.import("s", sourceOf(FROM_3));
    const object = await w.ports.objects.get("s");
    const [kept] = (object?.meta[KEY.versions] ?? []) as readonly Meta[];
    await makeSession(w, "t", "secret\n");
    await w.archiver.archive("t");
    // All of it as it is there, so that the archive would be read where its manifest can't be.
    const [file] = ((await w.ports.objects.get("t"))?.meta[KEY.archiveFiles] ?? []) as readonly Meta[];
    const { path = "", bytes = 0, storedBytes = 0, crc32 = 0, lines = 0 } = file ?? {};
    const stolen = { ...kept, path, bytes, storedBytes, crc32, lines };
    await w.ports.objects.put("s", { ...object?.meta, [KEY.versions]: [stolen] }, object?.version ?? "");
    await expect(versionText(w, 1)).rejects.toMatchObject({ code: "CORRUPT" });
    await w.ports.objects.put(
      "s",
      { ...(await metaOf(w)), [KEY.versions]: [5, "x"] },
      (await w.ports.objects.get("s"))?.version ?? "",
    );
    await expect(versionText(w, 2)).rejects.toMatchObject({ code: "CORRUPT" });
    await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT" });
  });
});

test("what a settle finishes for an import that died is whole, counted, and compared by the next import", async () => {
  for (const from of [(text: string) => sourceOf(text), (text: string) => streamOf(text)]) {
    const w = await sessionIn("archived");
    const { put } = w.ports.objects;
    w.ports.objects.put = async (id, meta, ...rest) => {
      if (meta[KEY.versions] !== undefined) throw new ArchiverError("UNAVAILABLE", "down");
      return put(id, meta, ...rest);
    };
    await expect(w.archiver.import("s", from(FROM_3))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    w.ports.objects.put = put;
    expect(await readText(w, "s")).toBe(FIRST);
    expect(await w.archiver.sweep()).toMatchObject({ failedCount: 0 });
    expect(await readText(w, "s")).toBe(FROM_3);
    expect(await versionText(w, 1)).toBe(FIRST);
    expect(await w.archiver.info("s")).toMatchObject({ lineCount: 37, lastActivityMs: NOW - 30 * DAY + 39_000 });
    // The version of the old source is not taken for that of what the session holds now.
    expect((await metaOf(w))[KEY.source]).toEqual({ identity: "s" });
    const old = sourceOf(FIRST);
    expect(await w.archiver.import("s", old)).toMatchObject({ outcome: "older" });
    expect(await w.archiver.import("s", from(FROM_3))).toMatchObject({ outcome: "unchanged" });
    await w.archiver.archive("s");
    await w.archiver.verify("s");
  }
});

describe("while the output is replaced", () => {
  /** Calls `between` once the new output is there, before the commit. */
  function interrupted(w: World, between: () => Promise<unknown>): { calls: number } {
    const seen = { calls: 0 };
    const { create } = w.ports.blobs;
    w.ports.blobs.create = async (...args) => {
      const ref = await create(...args);
      if (args[0].name === "output" && args[1].startsWith(RESTORED_PREFIX) && seen.calls++ === 0) await between();
      return ref;
    };
    return seen;
  }

  test("reads give what it was until the commit, and a file that was opened before gives that after it", async () => {
    const w = await sessionIn("live");
    const before = await w.archiver.open("s");
    let during = "";
    interrupted(w, async () => {
      during = await readText(w, "s");
    });
    await w.archiver.import("s", sourceOf(FROM_3));
    expect(during).toBe(FIRST);
    expect(new TextDecoder().decode(await toBytes(before.read()))).toBe(FIRST);
    await w.archiver.archive("s");
    await w.archiver.gc({ graceDays: 0 });
    expect(new TextDecoder().decode(await toBytes(before.read({ start: 50 })))).toBe(FIRST.slice(50));
    expect(await readText(w, "s")).toBe(FROM_3);
  });

  test("what is appended is in what is kept, or in what is there: never nowhere", async () => {
    const w = await sessionIn("archived");
    const recorder = w.archiver.recorder("s");
    interrupted(w, () => recorder.append("mine\n"));
    expect(await w.archiver.import("s", sourceOf(FROM_3))).toMatchObject({ outcome: "replaced" });
    await recorder.append("and mine\n");
    await recorder.close();
    expect(await versionText(w, 1)).toBe(`${FIRST}mine\n`);
    expect(await readText(w, "s")).toBe(`${FROM_3}and mine\n`);
    expect((await w.archiver.info("s")).lineCount).toBe(38);
    await w.archiver.archive("s");
    await w.archiver.verify("s");
  });

  test.each([
    ["settle", (w: World) => w.archiver.settle("s")],
    ["archive", (w: World) => w.archiver.archive("s")],
    ["sweep", (w: World) => w.archiver.sweep()],
    ["restore", (w: World) => w.archiver.restore("s")],
    ["pin", (w: World) => w.archiver.pin("s", true)],
    ["another import of the same", (w: World) => w.archiver.import("s", sourceOf(FROM_3))],
    ["gc", (w: World) => w.archiver.gc({ graceDays: 0 })],
    ["prune", (w: World) => w.archiver.prune({ maxTotalBytes: 0 })],
  ])("%s is harmless", async (_, other) => {
    for (const from of [sourceOf(FROM_3), streamOf(FROM_3)]) {
      const w = await sessionIn("archived");
      interrupted(w, () => other(w));
      expect(await w.archiver.import("s", from)).toMatchObject({ outcome: "replaced", rawBytes: FROM_3.length });
      expect(await readText(w, "s")).toBe(FROM_3);
      expect(await versionText(w, 1)).toBe(FIRST);
      expect((await w.archiver.info("s")).versions).toHaveLength(1);
      await w.archiver.settle("s");
      await w.archiver.gc({ graceDays: 0 });
      await w.archiver.verify("s");
    }
  });

  test("a tombstone that is set before there is new output is taken back, and told", async () => {
    const w = await sessionIn("archived");
    const { put } = w.ports.objects;
    w.ports.objects.put = async (id, meta, ...rest) => {
      const version = await put(id, meta, ...rest);
      if (meta[KEY.replacing] === undefined) return version;
      w.ports.objects.put = put;
      await w.archiver.prune({ maxTotalBytes: 0 });
      return version;
    };
    const text = FROM_3 + FIRST;
    expect(await w.archiver.import("s", sourceOf(text))).toMatchObject({ outcome: "replaced" });
    expect(await readText(w, "s")).toBe(text);
    expect(await versionText(w, 1)).toBe(FIRST);
  });

  test("a source that fails takes nothing with it", async () => {
    const w = await sessionIn("archived");
    const source = sourceOf(FROM_3);
    let reads = 0;
    const failing = {
      ...source,
      async *read(range: { readonly start: number; readonly end: number }) {
        yield* source.read({ start: range.start, end: Math.min(range.end, range.start + 1000) });
        if (reads++ > 0 || range.end > 1000) throw new Error("EIO");
      },
    };
    await expect(w.archiver.import("s", failing)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await readText(w, "s")).toBe(FIRST);
    expect(await metaOf(w)).not.toHaveProperty(KEY.replacing);
    expect(await w.archiver.info("s")).toMatchObject({ versions: [] });
    await w.archiver.archive("s");
    await w.archiver.verify("s");
  });

  test("an archive that is not there is no version to keep: CORRUPT, and nothing changes", async () => {
    const w = await sessionIn("archived");
    const key = String((await metaOf(w))[KEY.archiveKey]);
    const before = await w.ports.objects.get("s");
    await w.ports.archives.delete(key);
    await expect(w.archiver.import("s", sourceOf(FROM_3))).rejects.toMatchObject({ code: "CORRUPT", key });
    expect(await w.ports.objects.get("s")).toEqual(before);
  });
});
