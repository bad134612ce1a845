/** However small the shares are in which a rebuild reads the records, they say the same of each session. */
import { describe, expect, test } from "vitest";
import { fflateCodec } from "../../../src/codec/fflate.js";
import type { Context } from "../../../src/context.js";
import type { ArchiveSink } from "../../../src/index.js";
import { groupsIn } from "../../../src/ops/rebuild/groups.js";
import { type History, historyOf } from "../../../src/ops/rebuild/history.js";
import { type Past, pastOf } from "../../../src/ops/rebuild/past.js";
import { recordsOf } from "../../../src/run-records/log.js";
import { encodeRecord, readRecord } from "../../../src/run-records/record.js";
import { archived } from "../../catalogues.js";
import { recordsOf as recordKeysOf, type World } from "../../support.js";

const IDS = Array.from({ length: 30 }, (_, n) => `s${n}`);
/** So few bytes for each share that there are as many as there may be. */
const TINY = 1;

/** Sessions that were pruned, purged, restored and pinned; and the store's id. */
async function withPast(): Promise<{ readonly w: World; readonly store: string }> {
  const w = await archived(...IDS);
  await w.archiver.prune({ maxTotalBytes: 0 });
  for (const id of ["s1", "s2", "s3"]) await w.archiver.undoPrune(id);
  await w.archiver.prune({ graceDays: 0 });
  await w.archiver.restore("s2");
  await w.archiver.pin("s3", true);
  return { w, store: (await w.archiver.storeId()) ?? "" };
}

/** What all shares say together, and that no session is in two of them. */
async function togetherOf(past: Past, of: "history" | "late" = "history"): Promise<History> {
  const all = new Map<string, NonNullable<ReturnType<History["get"]>>>();
  for (const share of past.shares) {
    for (const [id, history] of (await past.of(share))[of]) {
      expect(all.has(id)).toBe(false);
      all.set(id, history);
    }
  }
  return all;
}

function sorted(history: History): readonly unknown[] {
  return [...history].sort(([a], [b]) => (a < b ? -1 : 1));
}

function contextOf(archives: ArchiveSink): Context {
  return { archives, codec: fflateCodec() } as Context;
}

/** The sink, and what is done before each read. */
function watched(archives: ArchiveSink, beforeRead: (key: string) => Promise<void>): ArchiveSink {
  return {
    ...archives,
    async *read(key, ...rest) {
      await beforeRead(key);
      yield* archives.read(key, ...rest);
    },
  };
}

async function runsIn(archives: ArchiveSink, store: string) {
  return (await recordsOf(archives, store, {})).flatMap(({ record }) => record?.runs ?? []);
}

describe("the past, in one share and in many", () => {
  test("is the same", async () => {
    const { w, store } = await withPast();
    const whole = historyOf(await recordsOf(w.ports.archives, store, {}));
    expect(whole.size).toBe(IDS.length);
    const ctx = contextOf(w.ports.archives);
    for (const [bytes, shares] of [
      [undefined, 1],
      [TINY, 128],
    ] as const) {
      const past = await pastOf(ctx, store, new Set(), {}, bytes);
      expect(past.shares).toHaveLength(shares);
      expect(sorted(await togetherOf(past))).toEqual(sorted(whole));
    }
  });

  test("each record is read once", async () => {
    const { w, store } = await withPast();
    const keys = await recordKeysOf(w);
    const read: string[] = [];
    const archives = watched(w.ports.archives, async (key) => void read.push(key));
    for (const bytes of [undefined, TINY]) {
      read.length = 0;
      await togetherOf(await pastOf(contextOf(archives), store, new Set(), {}, bytes));
      expect(read.toSorted()).toEqual(keys.toSorted());
    }
  });

  test("and so is the part that a catalogue does not know", async () => {
    const { w, store } = await withPast();
    const records = await recordsOf(w.ports.archives, store, {});
    const unknown = records.slice(-2);
    const late = new Set(unknown.map(({ key }) => key));
    const past = await pastOf(contextOf(w.ports.archives), store, late, {}, TINY);
    expect(sorted(await togetherOf(past, "late"))).toEqual(sorted(historyOf(unknown)));
  });

  test("tombstones are believed in none if a record can't be read", async () => {
    const { w, store } = await withPast();
    const [first = ""] = await recordKeysOf(w);
    await w.ports.archives.delete(first);
    await w.ports.archives.put(first, one(new TextEncoder().encode("{")));
    const whole = historyOf(await recordsOf(w.ports.archives, store, {}));
    const past = await pastOf(contextOf(w.ports.archives), store, new Set(), {}, TINY);
    expect(past.unreadable).toEqual([first]);
    expect(sorted(await togetherOf(past))).toEqual(sorted(whole));
  });

  test("records that another process combines meanwhile are read from where they are then", async () => {
    const { w, store } = await withPast();
    const whole = historyOf(await recordsOf(w.ports.archives, store, {}));
    const { archives } = w.ports;
    const keys = await recordKeysOf(w);
    const combined = { format: 1, store, after: null, replaces: keys, runs: await runsIn(archives, store) } as const;
    const [first = "", second] = keys;
    const newKey = first.replace(/.\.json$/, (end) => `${end[0] === "0" ? "1" : "0"}.json`);
    const combining = watched(archives, async (key) => {
      if (key !== second) return;
      await archives.put(newKey, one(encodeRecord(combined)));
      for (const old of keys) await archives.delete(old);
    });
    const past = await pastOf(contextOf(combining), store, new Set(), {}, TINY);
    expect(past.keys).toEqual([newKey]);
    expect(await readRecord(archives, newKey, store)).toEqual(combined);
    expect(sorted(await togetherOf(past))).toEqual(sorted(whole));
  });

  test("if others keep combining them, the call fails and says so", async () => {
    const { w, store } = await withPast();
    const { archives } = w.ports;
    const runs = await runsIn(archives, store);
    const keep = watched(archives, async (key) => {
      await archives.delete(key);
      const at = Number.parseInt(key.slice(-21, -5), 16) + 1;
      const next = `${key.slice(0, -21)}${at.toString(16).padStart(16, "0")}.json`;
      await archives.put(next, one(encodeRecord({ format: 1, store, after: null, replaces: [key], runs })));
    });
    await expect(pastOf(contextOf(keep), store, new Set(), {}, TINY)).rejects.toMatchObject({ code: "CONFLICT" });
  });

  test("each session in the sink is in the share of its past", async () => {
    const { w, store } = await withPast();
    const ctx = contextOf(w.ports.archives);
    const past = await pastOf(ctx, store, new Set(), {}, TINY);
    const groups = await groupsIn(ctx, store, {});
    const seen: string[] = [];
    for (const share of past.shares) {
      const { history } = await past.of(share);
      for await (const { id } of groups.of(share)) {
        expect(history.has(id)).toBe(true);
        seen.push(id);
      }
    }
    expect(seen.toSorted()).toEqual(["s1", "s2", "s3"]);
  });
});

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
