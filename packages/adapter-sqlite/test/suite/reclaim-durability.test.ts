/** Steps that give space back need not wait for the disk; everything else does. */
import { inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { openSqlite, type SqliteHandle } from "../../src/index.js";
import { count, databaseFile, type HostHandle, hosts } from "../support/stores.js";

const OFF = 0;
const NORMAL = 1;
const FULL = 2;
const EXTRA = 3;
const LEVELS = ["OFF", "NORMAL", "FULL", "EXTRA"] as const;

const levelOf = (host: HostHandle): number =>
  (host.prepare("PRAGMA synchronous").get() as { synchronous: number }).synchronous;

/** A transaction of the store's, by the level at its begin and what it did. */
interface Transaction {
  readonly level: number;
  vacuums: boolean;
  puts: boolean;
}

/** The handle, with its writing transactions noted. `onVacuum` is called before each step. */
function noting(host: HostHandle, onVacuum: () => void): { handle: SqliteHandle; done: Transaction[] } {
  const done: Transaction[] = [];
  const handle: SqliteHandle = {
    exec(sql) {
      if (sql.startsWith("PRAGMA incremental_vacuum")) {
        Object.assign(done.at(-1) ?? {}, { vacuums: true });
        onVacuum();
      }
      return host.exec(sql);
    },
    prepare(sql) {
      const statement = host.prepare(sql);
      const run = statement.run.bind(statement);
      const noted = (...values: never[]): unknown => {
        if (sql === "BEGIN IMMEDIATE") done.push({ level: levelOf(host), vacuums: false, puts: false });
        if (sql.startsWith("INSERT INTO sa_objects")) Object.assign(done.at(-1) ?? {}, { puts: true });
        return run(...values);
      };
      return Object.assign(statement, { run: noted });
    },
  };
  return { handle, done };
}

describe.each(hosts)("over %s", (_, connect) => {
  /** A store with some MiB of free space, on a host's handle of that level. */
  const withFreeSpace = async (level: number, journal = "WAL", onVacuum = (): void => {}) => {
    const file = databaseFile();
    const host = connect(file);
    host.exec(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = ${journal}`);
    host.exec(`PRAGMA synchronous = ${LEVELS[level]}`);
    const { handle, done } = noting(host, onVacuum);
    const store = await openSqlite(handle);
    const ref = await store.blobs.create({ id: "a", name: "output" }, "g", inChunks(pattern(12 * MIB), MIB));
    await store.blobs.delete(ref);
    done.length = 0;
    const close = async (): Promise<void> => {
      await store.close();
      host.close();
    };
    return { file, host, store, done, close };
  };

  test.each([OFF, NORMAL, FULL, EXTRA])("no step waits for the disk, and level %i of the host stays", async (level) => {
    const { host, store, done, close } = await withFreeSpace(level);
    const { freedBytes } = await store.reclaim();
    expect(freedBytes).toBeGreaterThan(3 * MIB);
    const steps = done.filter(({ vacuums }) => vacuums);
    expect(steps.length).toBeGreaterThan(4);
    expect(new Set(steps.map((step) => step.level))).toEqual(new Set([NORMAL]));
    expect(levelOf(host)).toBe(level);

    done.length = 0;
    await store.objects.put("a", {}, null);
    expect(done).toEqual([{ level: Math.max(level, FULL), vacuums: false, puts: true }]);
    await close();
  });

  test("a write that shares a transaction with a step is durable", async () => {
    const { store, done, close } = await withFreeSpace(NORMAL);
    let n = 0;
    const reclaiming = store.reclaim().then(() => true);
    // Writes that arrive one after the other while steps wait.
    while (!(await Promise.race([reclaiming, store.objects.put(`b${n++}`, {}, null).then(() => false)])));
    const withPut = done.filter(({ puts }) => puts);
    expect(withPut.some(({ vacuums }) => vacuums)).toBe(true);
    expect(new Set(withPut.map(({ level }) => level))).toEqual(new Set([FULL]));
    await close();
  });

  test("the level goes back after a step that fails", async () => {
    let steps = 0;
    const fail = (): void => {
      if (++steps === 2) throw Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR", errcode: 10 });
    };
    const { host, store, done, close } = await withFreeSpace(FULL, "WAL", fail);
    await expect(store.reclaim()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(done.map(({ level }) => level)).toEqual([NORMAL, NORMAL]);
    expect(levelOf(host)).toBe(FULL);
    expect((await store.reclaim()).freedBytes).toBeGreaterThan(2 * MIB);
    await close();
  });

  test("without a write-ahead log each step is flushed, as everything else", async () => {
    const { file, host, store, done, close } = await withFreeSpace(NORMAL, "DELETE");
    expect((await store.reclaim()).freedBytes).toBeGreaterThan(3 * MIB);
    expect(new Set(done.map(({ level }) => level))).toEqual(new Set([FULL]));
    expect(levelOf(host)).toBe(NORMAL);
    await close();
    expect(count(file, "PRAGMA freelist_count")).toBe(0);
  });
});
