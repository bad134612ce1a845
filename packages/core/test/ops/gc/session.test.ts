/** A gc beside other work on the same session. */
import { expect, test } from "vitest";
import { isRecordKey, sessionIdOf } from "../../../src/format.js";
import { jsonl, keysOf, makeSession, metaOf, readText, world } from "../../support.js";
import { dieBeforeCommit, setBack } from "./support.js";

const text = jsonl(5);
const NOW = { graceDays: 0 };

test("what nothing explains goes when that is asked for, after a dry run has shown it", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  const lost = world({ archives: w.ports.archives });
  const plan = await lost.archiver.gc({ ...NOW, unknown: "delete", dryRun: true });
  expect(plan.keys).toHaveLength(2);
  expect(await keysOf(w)).toHaveLength(2);
  expect(await lost.archiver.gc({ ...NOW, unknown: "delete" })).toEqual(plan);
  expect(await keysOf(w)).toEqual([]);
});

test("what another gc has condemned, and not deleted yet, stays condemned", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await dieBeforeCommit(w, "s");
  const others = [`${(await keysOf(w))[0]}`.replace(/\.[0-9a-f]{16}\./, ".00000000000000aa.")];
  await setBack(w, "s", { ...(await metaOf(w, "s")), "session:condemned": others });
  const { put } = w.ports.objects;
  const seen: unknown[] = [];
  w.ports.objects.put = (id, meta, ...rest) => {
    seen.push(meta["session:condemned"]);
    return put(id, meta, ...rest);
  };
  expect((await w.archiver.gc(NOW)).keys).toHaveLength(2);
  expect(seen[0]).toEqual(expect.arrayContaining(others));
});

test("a session that comes while unknown archives are deleted keeps its own", async () => {
  const w = world();
  await makeSession(w, "gone", text);
  await w.archiver.archive("gone");
  const object = await w.ports.objects.get("gone");
  await w.ports.objects.delete("gone", object?.version ?? "");
  const { list } = w.ports.archives;
  w.ports.archives.list = async function* (prefix, op) {
    if (prefix === undefined) {
      await makeSession(w, "new", text);
      await w.archiver.archive("new");
    }
    yield* list(prefix, op);
  };
  const { keys } = await w.archiver.gc({ ...NOW, unknown: "delete" });
  w.ports.archives.list = list;
  expect(keys.map(sessionIdOf)).toEqual(["gone", "gone"]);
  expect(await readText(w, "new")).toBe(text);
});

test("an archive that a collector has condemned is not committed to", async () => {
  const w = world();
  await makeSession(w, "s", text);
  const { put } = w.ports.archives;
  w.ports.archives.put = async (key, body, op) => {
    const info = await put(key, body, op);
    if (!isRecordKey(key)) await w.archiver.gc({ graceDays: 0 });
    return info;
  };
  await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await readText(w, "s")).toBe(text);
  expect((await w.archiver.info("s")).state).toBe("live");
});
