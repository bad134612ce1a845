/** A catalogue that lacks most of its archives is not another sink's: some of its own store are there. */
import { expect, test } from "vitest";
import { jsonl, keysOf, makeSession, world } from "../support.js";

test("a catalogue of whose archives the first hundred are lost is not called foreign", async () => {
  const w = world();
  const ids = Array.from({ length: 102 }, (_, n) => `s${String(n).padStart(3, "0")}`);
  for (const [n, id] of ids.entries()) await makeSession(w, id, jsonl(2, n));
  for (const id of ids) await w.archiver.archive(id);
  const ofFirst = new Set(ids.slice(0, 100));
  for (const key of await keysOf(w)) {
    if (ofFirst.has(/\/(s\d+)\./.exec(key)?.[1] ?? "")) await w.ports.archives.delete(key);
  }
  const kinds = new Map<string, number>();
  for await (const { kind } of w.archiver.examine({ graceDays: 0 })) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  expect([...kinds]).toEqual([["archive-missing", 100]]);
});
