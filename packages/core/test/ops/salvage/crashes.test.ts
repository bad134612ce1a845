/** A salvage that is cut short: nothing is lost, and a second one completes it. */
import { expect, test } from "vitest";
import { toBytes } from "../../../src/index.js";
import { cutShortAnywhere } from "../../faults.js";
import { keysOf, makeSession, readText, world } from "../../support.js";
import { damagedWorld, expectDamagedKept, MORE, TEXT } from "./damaged.js";
import { flip, keyAt, without } from "./support.js";

test("cut short at any call that writes, it loses nothing, and the next one completes it", {
  timeout: 120_000,
}, async () => {
  const calls = await cutShortAnywhere(
    () => damagedWorld(),
    (w) => w.archiver.salvage("s"),
    async (w) => {
      await expectDamagedKept(w);
      await w.archiver.gc({ graceDays: 0 });
      await expectDamagedKept(w);
      const done = await w.archiver.salvage("s");
      expect(["salvaged", "whole"]).toContain(done.outcome);
      await w.archiver.verify("s");
      await expectDamagedKept(w);
      const { salvaged, lineCount } = await w.archiver.info("s");
      expect(salvaged).toHaveLength(1);
      const left = without(TEXT, salvaged[0]?.lostLines ?? []) + MORE;
      expect(await readText(w, "s")).toBe(left);
      await w.archiver.settle("s", { recount: true });
      expect((await w.archiver.info("s")).lineCount).toBe(left.match(/\n/g)?.length);
      expect(lineCount).toBeGreaterThan(0);
      expect(await toBytes(w.archiver.read("s", { name: "times" }))).toHaveLength(2);
    },
  );
  expect(calls).toBeGreaterThan(5);
});

test("a session that is removed meanwhile stays removed", async () => {
  const w = world();
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  await flip(w, await keyAt(w, "archiveKey"), 0.5);
  const { put } = w.ports.archives;
  w.ports.archives.put = async (...args) => {
    w.ports.archives.put = put;
    await w.archiver.remove("s");
    return put(...args);
  };
  await expect(w.archiver.salvage("s")).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect((await keysOf(w)).filter((key) => !key.startsWith("quarantine/"))).toEqual([]);
});

test("a session that is restored and collected meanwhile only seems to be damaged", async () => {
  const w = world();
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  await w.ports.archives.delete(await keyAt(w, "manifestKey"));
  const { stat } = w.ports.archives;
  w.ports.archives.stat = async (...args) => {
    w.ports.archives.stat = stat;
    await w.archiver.restore("s");
    await w.archiver.gc({ graceDays: 0 });
    return stat(...args);
  };
  expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "whole", files: [] });
  expect(await readText(w, "s")).toBe(TEXT);
});

test("a damaged object whose copy comes back with other bytes stays where it is", async () => {
  const w = await damagedWorld();
  const key = await keyAt(w, "archiveKey");
  const { read } = w.ports.archives;
  w.ports.archives.read = async function* (from, ...rest) {
    for await (const chunk of read(from, ...rest)) {
      if (from.startsWith("quarantine/")) chunk[0] = (chunk[0] ?? 0) ^ 1;
      yield chunk;
    }
  };
  const done = await w.archiver.salvage("s");
  expect(done).toMatchObject({ outcome: "salvaged", quarantined: [] });
  expect(done.leftInPlace).toContain(key);
  await w.archiver.verify("s");
  expect(await w.ports.archives.stat(key)).toBeDefined();
});

test("a damaged object that the store gives only a part of stays where it is", async () => {
  const w = await damagedWorld();
  const key = await keyAt(w, "archiveKey");
  const { read } = w.ports.archives;
  w.ports.archives.read = async function* (from, range, op) {
    const bytes = await toBytes(read(from, range, op));
    yield from === key && range === undefined ? bytes.subarray(0, -1) : bytes; // only a copy takes all at once
  };
  const done = await w.archiver.salvage("s");
  expect(done).toMatchObject({ outcome: "salvaged" });
  expect(done.leftInPlace).toContain(key);
  expect(await w.ports.archives.stat(key)).toBeDefined();
});
