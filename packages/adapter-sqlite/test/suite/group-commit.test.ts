/** Writes that arrive together share a transaction, and otherwise don't affect each other. */
import { bytesOf, createArchiver, toBytes } from "@session-archiver/core";
import { inChunks, MIB, nothing, pattern } from "@session-archiver/test-kit/bytes";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openSqlite } from "../../src/index.js";
import { count, databaseFile, hosts } from "../support/stores.js";
import { counting } from "../support/watched.js";

const full = (): Error => Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL", errcode: 13 });
const outcomes = async (calls: readonly Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(calls)).map((call) => (call.status === "fulfilled" ? "done" : call.reason.code));

/** A transaction takes as many writes as fit into some milliseconds: without a clock, all. */
const stopTheClock = (): void => {
  const now = performance.now();
  vi.spyOn(performance, "now").mockReturnValue(now);
};
afterEach(() => void vi.restoreAllMocks());

describe.each(hosts)("over %s", (_, connect) => {
  /** A store on a new file that counts the transactions that have written. */
  const open = async (onRun: (sql: string) => void = () => {}) => {
    const file = databaseFile();
    const host = connect(file);
    host.exec("PRAGMA journal_mode = WAL");
    const seen = { begun: 0, committed: 0 };
    const handle = counting(host, (sql) => {
      if (sql === "BEGIN IMMEDIATE") seen.begun++;
      onRun(sql);
      if (sql === "COMMIT") seen.committed++;
    });
    const store = await openSqlite(handle);
    const counted = async <T>(work: () => Promise<T>): Promise<{ result: T; writes: number }> => {
      const before = seen.begun;
      return { result: await work(), writes: seen.begun - before };
    };
    return { store, host, file, counted };
  };

  test("100 recorders' appends take a few transactions, and are stored when they resolve", async () => {
    const { store, file, counted } = await open();
    const archiver = createArchiver(store);
    const recorders = Array.from({ length: 100 }, (__, n) => archiver.recorder(`s${n}`, { create: {} }));
    await Promise.all(recorders.map((recorder) => recorder.append("first\n")));
    stopTheClock();
    const { writes } = await counted(() => Promise.all(recorders.map((recorder) => recorder.append("second\n"))));
    expect(writes).toBeLessThan(10);
    // Through another connection, which sees only what is committed.
    expect(count(file, "SELECT count(*) FROM sa_blobs WHERE size = length('first second ')")).toBe(100);
    for (const recorder of recorders) await recorder.close();
  });

  test("a write that conflicts is the only one to fail, and costs the others nothing", async () => {
    const { store, counted } = await open();
    const { objects, blobs } = store;
    const key = { id: "s", name: "output" };
    const old = await blobs.create(key, "g", nothing());
    const now = await blobs.append(old, pattern(3));
    stopTheClock();
    const { result, writes } = await counted(() =>
      outcomes([
        objects.put("a", {}, null),
        blobs.append(old, pattern(5)),
        objects.put("a", {}, null),
        blobs.delete(now),
      ]),
    );
    expect(result).toEqual(["done", "CONFLICT", "CONFLICT", "done"]);
    expect(writes).toBe(1);
    expect(await blobs.stat(key)).toBeUndefined();
    expect(await objects.get("a")).toBeDefined();
  });

  test("a write that fails half-way is undone, and the others are still done", async () => {
    const { store, host, file } = await open();
    const { objects, archives, blobs } = store;
    const ref = await blobs.create({ id: "s", name: "output" }, "g", bytesOf(pattern(10)));
    host.exec(`PRAGMA max_page_count = ${count(file, "PRAGMA page_count") + 200}`);
    const calls = [
      objects.put("a", {}, null),
      blobs.append(ref, pattern(4 * MIB)),
      archives.put("k", bytesOf(pattern(100))),
      objects.put("b", {}, null),
    ];
    expect(await outcomes(calls)).toEqual(["done", "QUOTA", "done", "done"]);
    expect(await blobs.stat(ref.key)).toEqual(ref);
    expect(await toBytes(archives.read("k"))).toEqual(pattern(100));
    expect(count(file, "SELECT count(*) FROM sa_objects")).toBe(2);
  });

  test("if a commit fails, nothing is done; each write is then tried alone", async () => {
    let failing = 0;
    const { store, file } = await open((sql) => {
      if (sql === "COMMIT" && failing > 0 && failing-- > 0) throw full();
    });
    const puts = (prefix: string) => outcomes([1, 2, 3].map((n) => store.objects.put(`${prefix}${n}`, {}, null)));
    failing = 1;
    expect(await puts("a")).toEqual(["done", "done", "done"]);
    failing = 3;
    expect(await puts("b")).toEqual(["QUOTA", "QUOTA", "done"]);
    expect(count(file, "SELECT count(*) FROM sa_objects WHERE id >= CAST('b' AS BLOB)")).toBe(1);
    expect(await store.objects.get("b3")).toBeDefined();
  });

  test("a write that is aborted while it waits changes nothing, and others continue", async () => {
    const { store } = await open();
    const controller = new AbortController();
    const calls = [
      store.objects.put("a", {}, null),
      store.objects.put("b", {}, null, { signal: controller.signal }),
      store.objects.put("c", {}, null),
    ];
    controller.abort();
    expect(await outcomes(calls)).toEqual(["done", "ABORTED", "done"]);
    expect(await store.objects.get("b")).toBeUndefined();
  });

  test("a long queue is cut into transactions of about 10 ms", async () => {
    const { store, counted } = await open();
    const bodies = Array.from({ length: 40 }, (__, n) => inChunks(pattern(2 * MIB, n), MIB));
    const { writes } = await counted(() =>
      Promise.all(bodies.map((body, n) => store.blobs.create({ id: `s${n}`, name: "output" }, "g", body))),
    );
    expect(writes).toBeGreaterThan(4);
  });
});
