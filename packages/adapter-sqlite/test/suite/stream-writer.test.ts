import { toBytes } from "@session-archiver/core";
import { inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { afterEach, expect, test, vi } from "vitest";
import { openSqlite } from "../../src/index.js";
import { count, databaseFile, hosts, newStore, tamper } from "../support/stores.js";

afterEach(() => vi.useRealTimers());

test("a create with a slow body keeps giving signs of life, and stops when it is done", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { store, file } = await newStore();
  const { promise: pause, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: paused, resolve: isPaused } = Promise.withResolvers<void>();
  const body = async function* () {
    yield* inChunks(pattern(5 * MIB), MIB);
    isPaused();
    await pause;
  };
  const key = { id: "a", name: "output" };
  const creating = store.blobs.create(key, "g", body());
  await paused;
  tamper(file, "UPDATE sa_loose SET seen_at = 0");
  vi.advanceTimersByTime(60_000);
  // Written after the sign of life, or together with it.
  await store.objects.put("b", {}, null);
  expect(count(file, "SELECT seen_at FROM sa_loose")).toBeGreaterThan(0);
  goOn();
  expect(await toBytes(store.blobs.read(await creating))).toEqual(pattern(5 * MIB));
  expect(vi.getTimerCount()).toBe(0);
});

test("a body of up to 2 MiB is one transaction, and a longer one is named only when it is complete", async () => {
  const { store, file } = await newStore();
  const seen: string[] = [];
  const look = (): void => {
    const heads = count(file, "SELECT count(*) FROM sa_archives");
    const chunks = count(file, "SELECT count(*) FROM sa_chunks");
    seen.push(`${heads} ${chunks > 0 ? "some" : "none"}`);
  };
  const body = async function* (mib: number) {
    for (let n = 0; n < mib; n++) yield pattern(MIB, n);
    look();
  };
  await store.archives.put("small", body(2));
  tamper(file, "DELETE FROM sa_chunks; DELETE FROM sa_archives");
  await store.archives.put("large", body(3));
  expect(seen).toEqual(["0 none", "0 some"]);
});

test.each(hosts)("a clean-up that fails half-way is made up for by reclaim (%s)", async (_, connect) => {
  const file = databaseFile();
  const host = connect(file);
  host.exec("PRAGMA journal_mode = WAL");
  let deletes = 0;
  const failing = {
    exec: (sql: string) => host.exec(sql),
    prepare(sql: string) {
      const statement = host.prepare(sql);
      if (!sql.startsWith("DELETE FROM sa_chunks")) return statement;
      const run = statement.run.bind(statement);
      const failSecond = (...values: never[]) => {
        if (++deletes === 2) throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
        return run(...values);
      };
      return Object.assign(statement, { run: failSecond });
    },
  };
  const store = await openSqlite(failing);
  const failure = new RangeError("the body's own");
  const body = async function* () {
    yield* inChunks(pattern(40 * MIB), MIB);
    throw failure;
  };
  await expect(store.archives.put("a", body())).rejects.toBe(failure);
  expect(count(file, "SELECT count(*) FROM sa_chunks")).toBeGreaterThan(0);
  await store.reclaim();
  expect(count(file, "SELECT count(*) FROM sa_chunks")).toBe(0);
  expect(count(file, "SELECT count(*) FROM sa_loose")).toBe(0);
  await store.close();
  host.close();
});
