/** A run record from outside that would take far more memory than its bytes. */
import { expect, test } from "vitest";
import { memoryArchives } from "../../src/adapter.js";
import { recordKey } from "../../src/format/keys.js";
import { bytesOf } from "../../src/index.js";
import { readRecord } from "../../src/run-records/record.js";
import { encode } from "../support.js";

const STORE = "0123456789ab";

async function read(runs: string): Promise<unknown> {
  const archives = memoryArchives();
  const key = recordKey(STORE, 0, "0123456789abcdef");
  const text = `{"format":1,"store":"${STORE}","after":null,"replaces":[],"runs":[${runs}]}`;
  await archives.put(key, bytesOf(encode(text)));
  return readRecord(archives, key, STORE);
}

test("a record of millions of arrays is refused before any is made", async () => {
  await expect(read(`${"[],".repeat(3_000_000)}[]`)).rejects.toMatchObject({
    code: "CORRUPT",
    message: expect.stringContaining("holds more than 3000000 arrays and objects"),
  });
});

test("a record of a hundred thousand changes is read", async () => {
  const change = (n: number): string =>
    JSON.stringify({ id: `s${n}`, change: "pruned", keys: [`${STORE}/aa/s${n}.x`], meta: { a: "b" } });
  const changes = Array.from({ length: 100_000 }, (_, n) => change(n)).join(",");
  const run = `{"run":"0123456789abcdef","operation":"prune","at":1,"changes":[${changes}]}`;
  expect(await read(run)).toMatchObject({ runs: [{ changes: { length: 100_000 } }] });
});
