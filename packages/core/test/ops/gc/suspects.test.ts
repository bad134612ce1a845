/** A session whose metadata can't be understood, among others. */
import { expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { sessionIdOf } from "../../../src/format.js";
import { jsonl, makeSession, world } from "../../support.js";

test("defect: one session whose metadata can't be understood kept all others' waste from being collected", async () => {
  const w = world();
  for (const id of ["a", "good"]) {
    await makeSession(w, id, jsonl(3));
    await w.archiver.archive(id);
    await w.archiver.restore(id);
  }
  const object = await w.ports.objects.get("a");
  await w.ports.objects.put("a", { ...object?.meta, [KEY.archivedAt]: 5 }, object?.version ?? "");
  const { keys } = await w.archiver.gc({ graceDays: 0 });
  expect(new Set(keys.map(sessionIdOf))).toEqual(new Set(["good"]));
  expect(w.events).toContainEqual(expect.objectContaining({ type: "warning", id: "a", code: "CORRUPT" }));
});
