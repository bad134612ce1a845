/**
 * A connection is lost at each statement in turn, before it is sent, or after it was committed. What is then done again finds all that it needs,
 * and what was done.
 */
import { createArchiver, hasCode, toBytes } from "@session-archiver/core";
import { firstDifference, inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { describe, expect, onTestFinished, test } from "vitest";
import { openPostgres, type PostgresStore } from "../../src/index.js";
import { leftovers } from "../support/leftovers.js";
import { newPool, newSchema, withPostgres } from "../support/stores.js";
import { lost, watched } from "../support/watched.js";

const SESSION = new TextEncoder().encode(
  Array.from({ length: 900 }, (_, n) => `{"n":${n},"text":"${"y".repeat(n % 90)}"}\n`).join(""),
);
const HALF = SESSION.lastIndexOf(10, SESSION.length / 2) + 1;

withPostgres("lost connections", () => {
  describe.each([
    ["before the statement is sent", false],
    ["after it was committed", true],
  ])("%s", (_, afterwards) => {
    const open = async () => {
      const [pool, schema] = [newPool(), newSchema()];
      onTestFinished(() => pool.end());
      let left = Number.POSITIVE_INFINITY;
      const host = watched(pool, async (send) => {
        const isLost = --left === 0;
        if (isLost && !afterwards) throw lost();
        const answer = await send();
        if (isLost) throw lost();
        return answer;
      });
      const store = await openPostgres(host, { schema, synchronous: "normal" });
      /**
       * Runs `life` once for each of its statements, which is lost. `life` calls each step through `again`, which does it once more if it is
       * `UNAVAILABLE`. Gives how many statements there were.
       */
      const atEach = async (life: (n: number, again: <T>(step: () => Promise<T>) => Promise<T>) => Promise<void>) => {
        for (let n = 1; ; n++) {
          left = n;
          let hasFailed = false;
          await life(n, async (step) => {
            try {
              return await step();
            } catch (error) {
              if (!hasCode(error, "UNAVAILABLE") || hasFailed) throw error;
              hasFailed = true;
              return await step();
            }
          });
          const isReached = left <= 0;
          left = Number.POSITIVE_INFINITY;
          if (!isReached) return n;
        }
      };
      return { store, pool, schema, atEach };
    };
    const nothingIsLeft = async ({ pool, schema, store }: Awaited<ReturnType<typeof open>>) => {
      expect(await leftovers(pool, schema, store)).toEqual([]);
    };

    // Once for each of some fifty statements: on a busy machine that takes minutes.
    test("a session's life goes on, and no byte of it is lost or doubled", { timeout: 300_000 }, async () => {
      const opened = await open();
      const archiver = createArchiver(opened.store);
      const statements = await opened.atEach(async (n, again) => {
        const id = `s${n}`;
        await again(() => archiver.import(id, inChunks(SESSION.slice(0, HALF), 10_000)));
        await again(() => archiver.archive(id));
        await again(() => archiver.import(id, inChunks(SESSION, 10_000)));
        await again(() => archiver.archive(id));
        await again(async () => {
          // What is restored already can't be restored.
          if ((await archiver.info(id)).state !== "live") await archiver.restore(id);
        });
        await again(() => archiver.archive(id));
        await again(() => archiver.verify(id));
        expect(firstDifference(await again(() => toBytes(archiver.read(id))), SESSION)).toBeUndefined();
      });
      expect(statements).toBeGreaterThan(40);
      await archiver.gc();
      await nothingIsLeft(opened);
    });

    test("what a recorder has acknowledged is there once, in order, and the rest at most once", async () => {
      const opened = await open();
      const archiver = createArchiver(opened.store);
      await opened.atEach(async (n) => {
        const stored: string[] = [];
        const unsure: string[] = [];
        let recorder = archiver.recorder(`r${n}`, { create: {} });
        for (let line = 0; line < 5; line++) {
          const text = `line ${line}\n`;
          try {
            await recorder.append(text);
            stored.push(text);
          } catch (error) {
            if (!hasCode(error, "UNAVAILABLE")) throw error;
            unsure.push(text);
            recorder = archiver.recorder(`r${n}`, { create: {} });
          }
        }
        await recorder.close().catch((error: unknown) => {
          if (!hasCode(error, "UNAVAILABLE")) throw error;
        });
        const readAll = () => toBytes(archiver.read(`r${n}`));
        const read = new TextDecoder().decode(await readAll().catch(readAll)).match(/.*\n/g) ?? [];
        expect(read.filter((line) => !unsure.includes(line))).toEqual(stored);
        expect(new Set(read).size).toBe(read.length);
      });
      await nothingIsLeft(opened);
    });

    test("a long body is stored as a whole or not at all, and a look tells which", async () => {
      const opened = await open();
      const { store, atEach } = opened;
      const bytes = pattern(2 * MIB);
      const settled = async (look: () => Promise<unknown>, write: () => Promise<unknown>) => {
        try {
          await write();
        } catch (error) {
          if (!hasCode(error, "UNAVAILABLE")) throw error;
          if (!(await look())) await write();
        }
      };
      const statements = await atEach(async (n) => {
        const key = { id: `s${n}`, name: "output" };
        await settled(
          () => store.blobs.stat(key),
          () => store.blobs.create(key, "g", inChunks(bytes, MIB)),
        );
        await settled(
          () => store.archives.stat(key.id),
          () => store.archives.put(key.id, inChunks(bytes, MIB)),
        );
      });
      expect(statements).toBeGreaterThanOrEqual(8);
      for (const n of [1, statements]) await expectWhole(store, `s${n}`, bytes);
      await nothingIsLeft(opened);
    });
  });
});

async function expectWhole(store: PostgresStore, id: string, bytes: Uint8Array): Promise<void> {
  const ref = { key: { id, name: "output" }, generation: "g", size: bytes.length };
  expect(firstDifference(await toBytes(store.blobs.read(ref)), bytes)).toBeUndefined();
  expect(firstDifference(await toBytes(store.archives.read(id)), bytes)).toBeUndefined();
}
