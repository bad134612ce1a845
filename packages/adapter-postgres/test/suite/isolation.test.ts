/** A host's role or database may have a higher isolation level as its default. Then the server undoes statements, which run again. */
import { createArchiver, toBytes } from "@session-archiver/core";
import { all, inChunks, MIB, nothing, pattern } from "@session-archiver/test-kit/bytes";
import { describe, expect, onTestFinished, test } from "vitest";
import { openPostgres } from "../../src/index.js";
import { newPool, newSchema, withPostgres } from "../support/stores.js";
import { outcomes } from "../support/watched.js";

const key = { id: "s", name: "output" };
const won = (results: readonly string[]) => results.filter((result) => result === "done").length;

withPostgres("isolation levels", () => {
  describe.each(["repeatable read", "serializable"])("%s", (level) => {
    /** Stores on two pools, as two processes have them. */
    const open = async () => {
      const schema = newSchema();
      const options = `-c default_transaction_isolation=${level.replace(" ", "\\ ")}`;
      const pools = [newPool(undefined, { options }), newPool(undefined, { options })];
      onTestFinished(async () => void (await Promise.all(pools.map((pool) => pool.end()))));
      const [one, two] = await Promise.all(pools.map((pool) => openPostgres(pool, { schema, synchronous: "normal" })));
      if (!one || !two) throw new Error("There are two.");
      const { rows } = await (pools[0] as (typeof pools)[number]).query("SHOW transaction_isolation");
      expect(rows).toEqual([{ transaction_isolation: level }]);
      return [one, two] as const;
    };

    test("of 16 swaps at once one wins, and 15 conflict", async () => {
      const [one, two] = await open();
      const version = await one.objects.put("a", {}, null);
      const puts = Array.from({ length: 16 }, (_, n) => (n % 2 ? one : two).objects.put("a", { n }, version));
      const results = await outcomes(puts);
      expect(won(results)).toBe(1);
      expect(results.filter((result) => result === "CONFLICT")).toHaveLength(15);
    });

    test("of 16 first puts, creates and archives at once one wins each", async () => {
      const [one, two] = await open();
      const sixteen = <T>(call: (store: typeof one, n: number) => Promise<T>) =>
        outcomes(Array.from({ length: 16 }, (_, n) => call(n % 2 ? one : two, n)));
      const results = await Promise.all([
        sixteen((store, n) => store.objects.put("a", { n }, null)),
        sixteen((store, n) => store.blobs.create(key, `g${n}`, inChunks(pattern(100), 100))),
        sixteen((store) => store.archives.put("k", inChunks(pattern(3 * MIB), MIB))),
      ]);
      for (const result of results) {
        expect(won(result)).toBe(1);
        expect(new Set(result)).toEqual(new Set(["done", "CONFLICT"]));
      }
      expect(await toBytes(two.archives.read("k"))).toEqual(pattern(3 * MIB));
    });

    test("of appends at one ref through both one wins, at every size", async () => {
      const [one, two] = await open();
      let at = await one.blobs.create(key, "g", nothing());
      for (const size of [10, 70_000, 10, 600_000, 10, 300]) {
        const results = await outcomes([one, two, one].map((store) => store.blobs.append(at, pattern(size))));
        expect(won(results)).toBe(1);
        at = { ...at, size: at.size + size };
      }
      expect((await toBytes(two.blobs.read(at))).length).toBe(at.size);
    });

    test("two sweeps at once archive all sessions once", async () => {
      const [one, two] = await open();
      const archivers = [createArchiver(one), createArchiver(two)];
      for (let n = 0; n < 12; n++) {
        const recorder = archivers[n % 2]?.recorder(`s${n}`, { create: {} });
        await recorder?.append(`line of ${n}\n`);
        await recorder?.close();
      }
      await Promise.all(archivers.map((archiver) => archiver.sweep({ inactiveDays: 0 })));
      expect(await all(one.objects.list({ archived: false }))).toEqual([]);
      for (let n = 0; n < 12; n++) {
        const read = await toBytes((archivers[1] as (typeof archivers)[number]).read(`s${n}`));
        expect(new TextDecoder().decode(read)).toBe(`line of ${n}\n`);
      }
    });
  });
});
