/** Folders that can't be looked at are named, and stop nothing beside them. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ArchiverError } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { claudeCodeSource } from "../../src/claude-code/source.js";
import { createCodexSource } from "../../src/codex/source.js";
import { linuxSystem } from "../../src/codex/system.js";
import { nodeFiles } from "../../src/files/node-files.js";
import type { Files } from "../../src/files.js";
import { folderSource } from "../../src/folder/source.js";
import { diskBytesOf } from "../../src/measure.js";
import { placeOf } from "../../src/place.js";
import type { AgentSource } from "../../src/source.js";
import { planFolders } from "../../src/sweep/plan.js";
import { sweepFolders } from "../../src/sweep/run.js";
import { knowsNothing } from "../support/counted-files.js";
import { tempFolder } from "../support/temp.js";
import { lines, put, world } from "../support/world.js";

/** `locked`: folders as other users have them: they can be looked at, but neither listed nor looked into. */
function lockedFiles(locked: readonly string[], code: "UNAVAILABLE" | "ABORTED" = "UNAVAILABLE"): Files {
  const files = nodeFiles();
  const refuse = (path: string): never => {
    throw new ArchiverError(code, `Permission denied: "${path}"`);
  };
  const isWithin = (path: string): boolean => locked.some((folder) => path.startsWith(`${folder}/`));
  return {
    ...files,
    look: async (path) => (isWithin(path) ? refuse(path) : files.look(path)),
    open: async (path) => (isWithin(path) ? refuse(path) : files.open(path)),
    list: async (path) => (isWithin(path) || locked.includes(path) ? refuse(path) : files.list(path)),
  };
}

test("disk bytes count what can be seen, and nothing stops them but an abort", async () => {
  const w = await world("memory");
  await put(w, "p/a.jsonl", lines(50));
  await put(w, "q/b.jsonl", lines(50));
  const all = await diskBytesOf(nodeFiles(), [w.root]);
  const inside = await diskBytesOf(nodeFiles(), [join(w.root, "q/b.jsonl")]);
  const q = join(w.root, "q");
  expect(inside).toBeGreaterThan(0);
  expect(await diskBytesOf(lockedFiles([q]), [w.root])).toBe(all - inside);
  const a = join(w.root, "p/a.jsonl");
  const unseen = {
    ...nodeFiles(),
    look: async (path: string) => lockedFiles([path === a ? join(w.root, "p") : q]).look(path),
  };
  expect(await diskBytesOf(unseen, [w.root, join(q, "b.jsonl")])).toBe(
    all - inside - (await diskBytesOf(nodeFiles(), [a])),
  );
  await expect(diskBytesOf(lockedFiles([q], "ABORTED"), [w.root])).rejects.toMatchObject({ code: "ABORTED" });
});

describe("a root that can't be listed", () => {
  const sources: readonly (readonly [AgentSource, string])[] = [
    [claudeCodeSource(), "projects"],
    [createCodexSource(linuxSystem()), "sessions"],
    [folderSource, ""],
  ];

  test.each(sources)("is left out by $name", async (source, name) => {
    const home = await tempFolder();
    await mkdir(join(home, name), { recursive: true });
    const place = await placeOf(source, home, nodeFiles(), {});
    const files = lockedFiles([join(home, name).replace(/\/$/, "")]);
    expect(await source.scan(place, files, { known: knowsNothing })).toEqual({
      units: [],
      leftOut: [{ root: name, path: "", reason: "unreadable" }],
    });
  });

  test("stops no other place", async () => {
    const w = await world("memory");
    await put(w, "p/a.jsonl", lines(5));
    const home = await tempFolder();
    const locked = await placeOf(folderSource, home, nodeFiles(), {});
    const host = { ...w.host, files: lockedFiles([home]) };
    const plan = await planFolders(host, [locked, w.place]);
    expect(plan.places[0]?.leftOut).toEqual([{ root: "", path: "", reason: "unreadable" }]);
    const { done, failures } = await sweepFolders(host, plan);
    expect(failures).toEqual([]);
    expect(done.map(({ step, outcome }) => [step.sessionId, outcome])).toEqual([["toy:a", "freed"]]);
  });

  test("of Codex keeps the threads of the other in their places, and refuses a restore there", async () => {
    const home = await tempFolder();
    const id = "0199a213-81c0-7800-8aa1-bbab2a035a53";
    const path = `2026/01/01/rollout-2026-01-01T00-00-00-${id}.jsonl`;
    const root = { ...(await world("memory")), root: join(home, "sessions") };
    await put(root, path, `${JSON.stringify({ type: "session_meta", payload: { id, cwd: "/home/me/a" } })}\n`);
    await mkdir(join(home, "archived_sessions"));
    const source = createCodexSource(linuxSystem());
    const place = await placeOf(source, home, nodeFiles(), {});
    const files = lockedFiles([join(home, "archived_sessions")]);
    const { units } = await source.scan(place, files, { known: knowsNothing });
    expect(units).toMatchObject([{ nativeId: id, stays: expect.stringContaining("can't be listed") }]);
    const restored = [{ root: "sessions", path, mtimeMs: 1 }];
    await expect(source.arrange(place, files, id, restored, 2)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect((await source.arrange(place, nodeFiles(), id, restored, 2)).mtimesMs).toEqual([1]);
  });
});
