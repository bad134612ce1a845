import { DatabaseSync } from "node:sqlite";
import { bytesOf, toBytes } from "@session-archiver/core";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { blobOf, driverOf } from "../src/driver.js";
import { openSqlite } from "../src/index.js";
import { hosts } from "./support/stores.js";

describe.each(hosts)("the driver over %s", (_, connect) => {
  const driver = () => driverOf(connect(":memory:"));

  test("gives every kind of value back unchanged", () => {
    const db = driver();
    db.exec("CREATE TABLE t (v)");
    const values = [
      null,
      0,
      -1,
      1.5,
      Number.MAX_SAFE_INTEGER,
      "",
      "a\u{1F600}é\0b",
      new Uint8Array([0, 255]),
      new Uint8Array(),
    ];
    for (const value of values) db.prepare("INSERT INTO t VALUES (?)").run(value);
    const rows = [...db.prepare("SELECT v FROM t ORDER BY rowid").iterate()];
    expect(rows.map((row) => (row["v"] instanceof Uint8Array ? blobOf(row, "v") : row["v"]))).toStrictEqual(values);
  });

  test("counts the rows a statement changed, and gives undefined where there is no row", () => {
    const db = driver();
    db.exec("CREATE TABLE t (v); INSERT INTO t VALUES (1), (2), (3)");
    expect(db.prepare("DELETE FROM t WHERE v > ?").run(1)).toBe(2);
    expect(db.prepare("SELECT v FROM t WHERE v = ?").get(9)).toBeUndefined();
    expect(db.prepare("UPDATE t SET v = v + 1 RETURNING v").get()).toEqual({ v: 2 });
  });

  test("a loop that fails leaves nothing to the next one", () => {
    const db = driver();
    db.exec("CREATE TABLE t (v); INSERT INTO t VALUES (-9223372036854775808), (2)");
    const statement = db.prepare("SELECT abs(v) v FROM t WHERE v = ?");
    expect(() => [...statement.iterate(-(2 ** 63))]).toThrow("overflow");
    expect([...statement.iterate(2)]).toEqual([{ v: 2 }]);
  });

  test("ends a statement whose loop was left early", () => {
    const db = driver();
    db.exec("CREATE TABLE t (v); INSERT INTO t VALUES (1), (2)");
    for (const _row of db.prepare("SELECT v FROM t").iterate()) break;
    db.exec("DROP TABLE t");
  });
});

test.each([
  [
    "node:sqlite with BigInts and arrays",
    () => new DatabaseSync(":memory:", { readBigInts: true, returnArrays: true }),
  ],
  ["better-sqlite3 with BigInts", () => new Database(":memory:").defaultSafeIntegers(true)],
])("a host's other defaults do no harm: %s", async (_, connect) => {
  const { blobs, objects } = await openSqlite(connect());
  await objects.put("s", { n: 1 }, null);
  const ref = await blobs.create({ id: "s", name: "output" }, "g", bytesOf(new Uint8Array([1, 2, 3])));
  expect(await blobs.stat(ref.key)).toStrictEqual(ref);
  expect([...(await toBytes(blobs.read(ref)))]).toEqual([1, 2, 3]);
});
