import { expect, test } from "vitest";
import { jsonl, readText, world } from "../support.js";
import { sourceOf, WAYS } from "./sources.js";

const FIRST = jsonl(40, 1);
const OTHER = FIRST.replace("{", "[");

test.each(WAYS)("a source that is to leave what differs from it changes nothing: %s", async (_, from) => {
  for (const state of ["live", "archived"]) {
    const w = world();
    await w.archiver.import("s", from(FIRST));
    if (state === "archived") await w.archiver.archive("s");
    const before = await w.ports.objects.get("s");
    const done = await w.archiver.import("s", from(OTHER), { rewritten: "leave" });
    expect(done).toEqual({ id: "s", outcome: "differs", rawBytes: FIRST.length, addedBytes: 0 });
    expect(await w.ports.objects.get("s")).toEqual(before);
    expect(await readText(w, "s")).toBe(FIRST);
  }
});

test("where it goes on from what is held, it is taken in all the same", async () => {
  const w = world();
  await w.archiver.import("s", sourceOf(FIRST), { rewritten: "leave" });
  expect(await w.archiver.import("s", sourceOf(FIRST.slice(0, 100)), { rewritten: "leave" })).toMatchObject({
    outcome: "older",
  });
  const grown = FIRST + jsonl(2, 3);
  expect(await w.archiver.import("s", sourceOf(grown), { rewritten: "leave" })).toMatchObject({ outcome: "appended" });
  expect(await readText(w, "s")).toBe(grown);
  // @ts-expect-error: it knows two words only
  await expect(w.archiver.import("s", sourceOf(grown), { rewritten: "merge" })).rejects.toThrow(/"replace" or "leave"/);
});
