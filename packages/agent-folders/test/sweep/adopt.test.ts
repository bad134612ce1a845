/** Stores that imports have made: their sessions keep their ids, and nothing is there twice. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { originalsIn } from "../../src/read-originals.js";
import { restoreUnit } from "../../src/restore/restore.js";
import { lines, put, type World, world } from "../support/world.js";

/** As an import takes a file in. */
async function imported(w: World, id: string, location: string, identity: string | undefined): Promise<void> {
  const bytes = await readFile(location);
  await w.archiver.import(id, {
    ...{ size: bytes.length, identity, location, version: "1", lastModifiedMs: w.now },
    read: ({ start, end }) => bytesOf(bytes.subarray(start, end)),
  });
}

async function idsIn(w: World): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of w.archiver.list()) ids.push(id);
  return ids.sort();
}

describe.each(["live", "archived"])("a session that is %s in the store", (state) => {
  test.each([
    ["the identity", "toy:a", "toy:a"],
    ["the path", "p/a", undefined],
    ["the path, with an identity in its lines", "p/a", "toy:a"],
  ])("keeps its id, made of %s", async (_what, id, identity) => {
    const w = await world("memory");
    const location = await put(w, "p/a.jsonl", lines(5));
    await imported(w, id, location, identity);
    if (state === "archived") await w.archiver.archive(id);
    await put(w, "p/a.jsonl", lines(8));
    const { done } = await w.sweep();
    expect(done).toMatchObject([{ outcome: "freed", step: { sessionId: id } }]);
    expect(await idsIn(w)).toEqual([id]);
    expect(await w.archiver.read(id).text()).toBe(lines(8));
    const info = await w.archiver.info(id);
    expect(info).toMatchObject({ state: "archived", liveBytes: 0, versions: [] });
    expect(originalsIn(info.meta)?.unit).toBe(id === "toy:a" ? undefined : "toy:a");
    await restoreUnit(w.host, id);
    w.agent.opened.length = 0;
    expect((await w.plan()).steps).toMatchObject([{ sessionId: id, reason: "restored" }]);
    expect(w.agent.opened).toEqual([]);
  });
});

test("the oldest versions noted only the path", async () => {
  const w = await world("memory");
  const location = await put(w, "p/a.jsonl", lines(5));
  await w.archiver.create("p/a", { "import:source": location });
  const recorder = w.archiver.recorder("p/a");
  await recorder.append(lines(5));
  await recorder.close();
  await w.sweep();
  expect(await idsIn(w)).toEqual(["p/a"]);
  expect(await w.archiver.read("p/a").text()).toBe(lines(5));
});

describe("a subagent that is a session of its own", () => {
  const PATH = "p/a/subagents/agent-1.jsonl";

  async function withSubagent(w: World): Promise<string> {
    await put(w, "p/a.jsonl", lines(5));
    const location = await put(w, PATH, lines(3));
    await imported(w, "toy:a/agent-1", location, "toy:a");
    return location;
  }

  test.each(["live", "archived", "behind its file"])("becomes part of the unit: %s", async (state) => {
    const w = await world("memory");
    await withSubagent(w);
    if (state === "archived") await w.archiver.archive("toy:a/agent-1");
    if (state === "behind its file") await put(w, PATH, lines(6));
    const { done } = await w.sweep();
    expect(done).toMatchObject([{ outcome: "freed", adopted: ["toy:a/agent-1"] }]);
    expect(await idsIn(w)).toEqual(["toy:a"]);
    const name = "subagents/agent-1.jsonl";
    expect(await w.archiver.read("toy:a", { name }).text()).toBe(lines(state === "behind its file" ? 6 : 3));
    expect((await w.archiver.info("toy:a")).aliases).toEqual(["toy:a/agent-1"]);
  });

  test("stays if it holds anything else, or if its user has done anything with it", async () => {
    const cases: Readonly<Record<string, (w: World, location: string) => Promise<unknown>>> = {
      "other bytes": (_w, location) => writeFile(location, lines(3).replaceAll("word", "other")),
      "an earlier version": async (w, location) => {
        await writeFile(location, lines(2).replaceAll("word", "other"));
        await imported(w, "toy:a/agent-1", location, "toy:a");
      },
      restored: async (w) => {
        await w.archiver.archive("toy:a/agent-1");
        await w.archiver.restore("toy:a/agent-1");
      },
      pruned: async (w) => {
        await w.archiver.archive("toy:a/agent-1");
        await w.archiver.pruneSession("toy:a/agent-1");
      },
    };
    for (const [what, change] of Object.entries(cases)) {
      const w = await world("memory");
      const location = await withSubagent(w);
      await change(w, location);
      await put(w, PATH, await readFile(location, "utf8"));
      const { done } = await w.sweep();
      expect(done, what).toMatchObject([{ outcome: "freed", adopted: [] }]);
      expect(await idsIn(w), what).toEqual(["toy:a", "toy:a/agent-1"]);
    }
  });

  test("keeps the unit in its place if it is pinned", async () => {
    const w = await world("memory");
    await withSubagent(w);
    await w.archiver.pin("toy:a/agent-1", true);
    expect((await w.plan()).steps).toMatchObject([{ action: "leave", reason: "pinned" }]);
    expect(await readFile(join(w.root, PATH), "utf8")).toBe(lines(3));
  });
});
