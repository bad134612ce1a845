/** Nothing goes because a note says so: the archive is read before the last copy of anything is let go. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Originals, withOriginals } from "../../src/originals.js";
import { originalsIn } from "../../src/read-originals.js";
import { DAY_MS, lines, put, type World, world } from "../support/world.js";

async function note(w: World, change: Partial<Originals> | ((originals: Originals) => Originals)): Promise<void> {
  await w.archiver.update("toy:a", (meta) => {
    const originals = originalsIn(meta);
    if (!originals) return meta;
    return withOriginals(meta, typeof change === "function" ? change(originals) : { ...originals, ...change });
  });
}

const withWrongSum = (originals: Originals): Originals => {
  const { output } = originals.members;
  return output ? { ...originals, members: { ...originals.members, output: { ...output, crc32: 7 } } } : originals;
};

const outcomes = async (w: World): Promise<unknown> => {
  const { done, finished, failures } = await w.sweep({ free: ["toy:a"] });
  expect(failures).toEqual([]);
  return [...finished, ...done].map(({ outcome }) => outcome);
};

test("a file whose archive is not what was noted is archived again before it goes", async () => {
  const w = await world("memory");
  await put(w, "p/a.jsonl", lines(5));
  await w.sweep({ keepOriginals: true });
  await note(w, withWrongSum);
  expect((await w.plan({ free: ["toy:a"] })).steps).toMatchObject([{ action: "free" }]);
  expect(await outcomes(w)).toEqual(["freed"]);
  expect(originalsIn((await w.archiver.info("toy:a")).meta)?.members["output"]?.crc32).not.toBe(7);
});

test("a file whose archive is damaged stays", async () => {
  const w = await world("memory");
  const location = await put(w, "p/a.jsonl", lines(500));
  await w.sweep({ keepOriginals: true });
  const { archive } = await w.archiver.files("toy:a");
  for (const { key } of archive) await w.ports.archives.delete(key);
  const { done, failures } = await w.sweep({ free: ["toy:a"] });
  expect(done).toMatchObject([{ outcome: "failed" }]);
  expect(failures).toHaveLength(1);
  expect(await readFile(location, "utf8")).toBe(lines(500));
});

test("a note that is pending counts for nothing: its bytes may not be archived yet", async () => {
  const w = await world("memory");
  await put(w, "p/a.jsonl", lines(5));
  await w.sweep({ keepOriginals: true });
  await note(w, { pending: true });
  expect((await w.plan({ free: ["toy:a"] })).steps).toMatchObject([{ action: "archive-and-free" }]);
});

test("what is held aside stays while its archive is not what was noted, is pruned, or belongs to another store", async () => {
  for (const change of [
    (w: World) => note(w, withWrongSum),
    (w: World) => w.archiver.pruneSession("toy:a"),
    (w: World) => w.archiver.remove("toy:a"),
  ]) {
    const w = await world("memory");
    w.writers = "unknown";
    await put(w, "p/a.jsonl", lines(5));
    await w.sweep();
    await change(w);
    w.now += 9 * DAY_MS;
    w.writers = "nobody";
    const { finished } = await w.sweep();
    expect(finished.map(({ outcome }) => outcome)).not.toContain("freed");
    const parts: string[] = [];
    for await (const { location } of w.host.rule.heldParts(w.host.files, w.root, {})) parts.push(location);
    const place = await readFile(join(w.root, "p/a.jsonl"), "utf8").catch(() => undefined);
    expect(place ?? (await readFile(parts[0] ?? "", "utf8"))).toBe(lines(5));
  }
});
