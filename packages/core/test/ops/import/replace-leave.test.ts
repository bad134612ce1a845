/** Sources that are to leave what differs from them. */
import { expect, test } from "vitest";
import { jsonl, readText, world } from "../../support.js";
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

test("what is kept as a version is no other source", async () => {
  const w = world();
  await w.archiver.import("s", sourceOf(FIRST));
  await w.archiver.import("s", sourceOf(OTHER));
  for (const copy of [FIRST, FIRST.slice(0, 100)]) {
    expect(await w.archiver.import("s", sourceOf(copy), { rewritten: "leave" })).toMatchObject({ outcome: "older" });
  }
  const third = FIRST + jsonl(1, 5);
  expect(await w.archiver.import("s", sourceOf(third), { rewritten: "leave" })).toMatchObject({ outcome: "differs" });
  expect(await readText(w, "s")).toBe(OTHER);
});

test("a copy elsewhere leaves noted where the session came from, unless it holds more", async () => {
  const w = world();
  const own = sourceOf(FIRST, { location: "here" });
  await w.archiver.import("s", own);
  const noted = async (): Promise<unknown> => (await w.ports.objects.get("s"))?.meta["session:source"];
  const before = await noted();
  const copy = sourceOf(FIRST, { location: "there", version: "other" });
  expect(await w.archiver.import("s", copy, { rewritten: "leave" })).toMatchObject({ outcome: "unchanged" });
  expect(await noted()).toEqual(before);
  const more = sourceOf(FIRST + jsonl(1, 2), { location: "there" });
  expect(await w.archiver.import("s", more, { rewritten: "leave" })).toMatchObject({ outcome: "appended" });
  expect(await noted()).toMatchObject({ location: "there", version: more.version });
});
