/** What a sink reports about its archives, and how it deletes them. */
import type { ArchiveSink } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { check, equal, equalBytes, equalSets } from "../support/assert.js";
import { pieces, watched } from "../support/bodies.js";
import { all, noise, text, toBytes, turn, upTo } from "../support/data.js";

const test = about("Archives: stat, list and delete");

async function keys(archives: ArchiveSink, prefix?: string): Promise<string[]> {
  return (await all(archives.list(prefix))).map((info) => info.key);
}

/** A sink of whole seconds may learn of the time of a put before it is stored, and by another clock than that of the object. */
const PUT_GRAIN_MS = 2000;

/** Resolves once the clock shows another time. */
async function clockTicks(): Promise<void> {
  const start = Date.now();
  while (Date.now() === start) await turn();
}

export const archiveCases: readonly Case[] = [
  test(["archives"], "an empty sink lists nothing, and stat of an absent key gives undefined", async ({ archives }) => {
    equal(await keys(archives), [], "list");
    equal(await archives.stat("a"), undefined, "stat");
  }),

  test(["archives"], "put, stat and list give the same key, size and time", async ({ archives }) => {
    const put = await archives.put("a.jsonl.gz", pieces(noise(12_345), 1000));
    equal({ key: put.key, size: put.size }, { key: "a.jsonl.gz", size: 12_345 }, "the info of put");
    const stat = await archives.stat("a.jsonl.gz");
    equal({ key: stat?.key, size: stat?.size }, { key: put.key, size: put.size }, "stat");
    const apart = Math.abs((stat?.createdAt ?? Number.NaN) - put.createdAt);
    check(apart <= PUT_GRAIN_MS, `stat gives another time than put: ${stat?.createdAt}, not ${put.createdAt}.`);
    equal(await all(archives.list()), [stat], "list");
  }),

  test(["archives"], "the time of a put is in unix milliseconds", async ({ archives }) => {
    const { createdAt } = await archives.put("a", pieces(text("x"), 1));
    check(
      Number.isFinite(createdAt) && createdAt > 1e12 && createdAt < 1e13,
      `createdAt must be the present time in unix milliseconds, is ${createdAt}.`,
    );
  }),

  test(["archives"], "the time of a put is when it finished, not when it began", async ({ archives }) => {
    let between = 0;
    const first = await archives.put(
      "a",
      watched(noise(20), 10, async (taken) => {
        if (taken !== 1) return;
        await clockTicks();
        between = (await archives.put("b", pieces(text("x"), 1))).createdAt;
      }),
    );
    check(first.createdAt >= between, "a put has an earlier time than one that finished while it was going on.");
  }),

  test(["archives"], "delete removes the archive and no other", async ({ archives }) => {
    const others = ["ab", "a/b", "A", "a.json"];
    for (const key of ["a", ...others]) await archives.put(key, pieces(text(key), 1));
    await archives.delete("a");
    equal(await archives.stat("a"), undefined, "stat");
    equalSets(await keys(archives), others, "list");
    for (const key of others) equalBytes(await toBytes(archives.read(key)), text(key), `the bytes of "${key}"`);
  }),

  test(["archives"], "delete of an absent key succeeds, again and again, and at once", async ({ archives }) => {
    await archives.delete("never");
    await archives.put("a", pieces(noise(100), 10));
    await Promise.all(upTo(4).map(() => archives.delete("a")));
    await archives.delete("a");
    equal(await keys(archives), [], "list");
  }),

  test(["archives"], "list gives exactly the keys with the prefix, taken literally", async ({ archives }) => {
    const stored = [
      "%",
      "%a",
      "_",
      "_a",
      "*",
      "a",
      "A",
      "a/",
      "a/b",
      "a/b/c",
      "ab",
      "a\0b",
      "a\uffff",
      "a\uffff\uffff",
      "a😀",
      "a\u{10ffff}x",
      "é",
      "e\u0301",
      "..",
      "../a",
    ];
    for (const key of stored) await archives.put(key, pieces(text(key), 100));
    for (const prefix of [undefined, "", ...stored, "none", "a/b/c/d"]) {
      const expected = stored.filter((key) => key.startsWith(prefix ?? ""));
      equalSets(await keys(archives, prefix), expected, `list(${JSON.stringify(prefix)})`);
    }
  }),

  test(["archives"], "keys present throughout are listed once, whatever is written meanwhile", async ({ archives }) => {
    const kept = upTo(60).map((n) => `x/kept ${n}`);
    for (const [n, key] of kept.entries()) {
      await archives.put(key, pieces(text(key), 100));
      await archives.put(`x/doomed ${n}`, pieces(text("d"), 100));
    }
    const seen: string[] = [];
    for await (const { key } of archives.list("x/")) {
      const n = seen.push(key);
      if (key.startsWith("x/doomed")) await archives.delete(key);
      await archives.delete(`x/doomed ${n}`);
      if (n <= 40) await archives.put(`x/new ${n}`, pieces(text("n"), 100));
      check(n < 1000, "list() doesn't end: it keeps giving what is written meanwhile.");
    }
    equal(new Set(seen).size, seen.length, "number of different keys listed, against keys listed");
    equalSets(
      seen.filter((key) => key.startsWith("x/kept")),
      kept,
      "the keys that were there throughout",
    );
  }),
];
