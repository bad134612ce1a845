/** Deno's `node:sqlite` ends a loop over rows without an error if SQLite fails. No listing may end early because of that. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { bytesOf, toBytes } from "@session-archiver/core";
import { all } from "@session-archiver/test-kit/bytes";
import { expect, onTestFinished, test } from "vitest";
import { openSqlite, type SqliteHandle } from "../src/index.js";
import { databaseFile } from "./support/stores.js";

function* untilItFails(rows: Iterable<unknown>): Iterable<unknown> {
  try {
    yield* rows;
  } catch {
    // As Deno does.
  }
}

function likeDeno(host: DatabaseSync): SqliteHandle {
  const silent = (statement: StatementSync): StatementSync => {
    const iterate = statement.iterate.bind(statement);
    return Object.assign(statement, { iterate: (...values: never[]) => untilItFails(iterate(...values)) });
  };
  return { exec: (sql) => host.exec(sql), prepare: (sql) => silent(host.prepare(sql)) };
}

test("rows that SQLite fails to read are an error of the call, not the end of the list", async () => {
  const file = databaseFile();
  const [host, other] = [new DatabaseSync(file), new DatabaseSync(file)];
  onTestFinished(() => {
    other.close();
    host.close();
  });
  const { objects, blobs, archives } = await openSqlite(likeDeno(host), { busyTimeoutMs: 1 });
  await objects.put("s", {}, null);
  const ref = await blobs.create({ id: "s", name: "output" }, "g", bytesOf(new Uint8Array(9)));
  await archives.put("a", bytesOf(new Uint8Array(9)));
  other.exec("BEGIN EXCLUSIVE");
  for (const calls of [objects.list(), objects.list({ archived: false }), blobs.list("s"), archives.list()]) {
    await expect(all<unknown>(calls)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  }
  await expect(toBytes(blobs.read(ref))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  other.exec("ROLLBACK");
  expect(await all(archives.list())).toHaveLength(1);
});
