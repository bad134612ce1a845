/** Appends don't wait behind a sweep's writes, nor a sweep's writes behind appends. Transactions are counted, no time is measured. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type BlobRef, bytesOf } from "@session-archiver/core";
import { pattern } from "@session-archiver/test-kit/bytes";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openSqlite } from "../../src/index.js";
import { databaseFile, hosts } from "../support/stores.js";
import { counting } from "../support/watched.js";

afterEach(() => void vi.restoreAllMocks());

describe.each(hosts)("over %s", (_, connect) => {
  /** A store that counts its transactions. Once `freeze` is called the time stands still but for `later`. */
  const open = async () => {
    const host = connect(databaseFile());
    host.exec("PRAGMA journal_mode = WAL");
    const seen = { begun: 0 };
    const { blobs, objects } = await openSqlite(
      counting(host, (sql) => {
        if (sql === "BEGIN IMMEDIATE") seen.begun++;
      }),
      { synchronous: "normal" },
    );
    const makeBlobs = (number: number): Promise<BlobRef[]> =>
      Promise.all(
        Array.from({ length: number }, (__, n) => blobs.create({ id: `s${n}`, name: "output" }, "g", bytesOf())),
      );
    const freeze = (): { later(ms: number): void } => {
      let now = performance.now();
      vi.spyOn(performance, "now").mockImplementation(() => now);
      return {
        later(ms) {
          now += ms;
        },
      };
    };
    return { blobs, objects, seen, makeBlobs, freeze };
  };

  test("an append that comes after 64 writes of a sweep is in the next transaction, and done first", async () => {
    const { blobs, objects, seen, makeBlobs } = await open();
    const [blob] = await makeBlobs(1);
    const before = seen.begun;
    const done: string[] = [];
    const note = (name: string) => () => void done.push(`${name} ${seen.begun - before}`);
    const puts = Array.from({ length: 64 }, (__, n) => objects.put(`o${n}`, {}, null).then(note("put")));
    // They are in the queue by then, and none is written yet.
    for (let n = 0; n < 20; n++) await undefined;
    expect(seen.begun).toBe(before);
    await Promise.all([...puts, blobs.append(blob as BlobRef, pattern(10)).then(note("append"))]);
    expect(done[0]).toBe("append 1");
  });

  test("a flood of appends doesn't keep another write out of the next transaction", async () => {
    const { blobs, objects, seen, makeBlobs, freeze } = await open();
    const flooded = await makeBlobs(50);
    const { later } = freeze();
    let isDone = false;
    const flood = async (at: BlobRef): Promise<void> => {
      for (let n = 0; n < 20 && !isDone; n++) {
        at = await blobs.append(at, pattern(10));
        // The other appends are more than half a slice can hold.
        later(6);
      }
    };
    const before = seen.begun;
    const flooding = Promise.all(flooded.map(flood));
    await objects.put("a", {}, null);
    isDone = true;
    expect(seen.begun - before).toBeLessThanOrEqual(2);
    await flooding;
  });

  test("a sweep's writes wait for more of them while it reads, but not for long; appends don't", async () => {
    const { blobs, objects, seen, makeBlobs, freeze } = await open();
    let [blob] = await makeBlobs(1);
    const { later } = freeze();
    let isDone = false;
    let reads = 0;
    const reading = (async () => {
      // The slice never ends while the time stands still.
      for (; reads < 1000 && !isDone; reads++, await nextTurn()) await objects.get("b");
    })();
    const before = seen.begun;
    const put = objects.put("a", {}, null).then(() => seen.begun - before);
    for (let n = 0; n < 3; n++) blob = await blobs.append(blob as BlobRef, pattern(10));
    expect(seen.begun - before).toBe(3);
    expect(await objects.get("a")).toBeUndefined();
    later(25);
    expect(await put).toBe(4);
    expect(reads).toBeLessThan(100);
    isDone = true;
    await reading;
  });
});
