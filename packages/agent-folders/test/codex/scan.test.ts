import { open } from "node:fs/promises";
import { join } from "node:path";
import { CORPUS, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { identify } from "@session-archiver/transcripts";
import { describe, expect, test } from "vitest";
import { nodeFiles } from "../../src/files/node-files.js";
import type { Files, KnownTranscript } from "../../src/index.js";
import { layOutCodexHome } from "../support/codex-home.js";
import { codexFolder, headLine, membersOf, record, scanned, threadId } from "../support/rollouts.js";

test.skipIf(!hasCorpus)(
  `each thread of the corpus is found by its id${hasCorpus ? "" : ` (${NO_CORPUS})`}`,
  async () => {
    const folder = await codexFolder();
    const { home, threads, others } = await layOutCodexHome(folder.home, CORPUS);
    const roots = ["sessions", "archived_sessions"].map((name) => ({ name, path: join(home, name) }));
    const { units, leftOut } = await scanned({ ...folder, place: { ...folder.place, home, roots } });
    expect([...units.keys()].sort()).toEqual(threads.map(({ nativeId }) => nativeId).sort());
    for (const { nativeId, cwd, root, path, location } of threads) {
      const unit = units.get(nativeId);
      expect(membersOf(unit)).toEqual(new Map([["output", `${root}/${path}`]]));
      expect(unit?.project).toBe(cwd);
      expect(unit?.id).toBe(await identified(location));
      expect(unit?.stays).toBeUndefined();
    }
    expect(leftOut.map(({ reason }) => reason)).toEqual(others.map(() => "not a session"));
  },
);

/** The id that an import gives the file: the two must agree, so that nothing is archived twice. */
async function identified(path: string): Promise<string | undefined> {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(65536), 0, 65536, 0);
  await file.close();
  return identify(buffer.subarray(0, bytesRead)).id;
}

describe("what a file says", () => {
  test("the first line counts, not the name: a review's file is named after another thread", async () => {
    const folder = await codexFolder();
    await folder.write(`sessions/rollout-2026-11-01T10-00-00-${threadId(1)}.jsonl`, headLine(threadId(2)));
    const { units } = await scanned(folder);
    expect([...units.keys()]).toEqual([threadId(2)]);
  });

  test("a file of the first releases has its id at the top, and no folder: its own folder is the project", async () => {
    const folder = await codexFolder();
    const head = { id: threadId(1), timestamp: "2025-06-01T00:00:00Z", instructions: null };
    await folder.write("sessions/2025/06/01/rollout-2025-06-01T00-00-00-x.jsonl", `${JSON.stringify(head)}\n`);
    const unit = (await scanned(folder)).units.get(threadId(1));
    expect(unit?.project).toBe("sessions/2025/06/01");
  });

  test("a first line of a megabyte is read, one of more than four is not", async () => {
    const folder = await codexFolder();
    await folder.write("sessions/a.jsonl", headLine(threadId(1), { tools: "x".repeat(1e6) }));
    await folder.write("sessions/b.jsonl", headLine(threadId(2), { tools: "x".repeat(4.3e6) }));
    const { units, leftOut } = await scanned(folder);
    expect([...units.keys()]).toEqual([threadId(1)]);
    expect(leftOut).toEqual([{ root: "sessions", path: "b.jsonl", reason: "not a session" }]);
  });

  test("files that are known with the same look are not opened", async () => {
    const folder = await codexFolder();
    await folder.thread(threadId(1), { forked_from_id: threadId(2) });
    await folder.thread(threadId(2));
    const known = new Map<string, KnownTranscript>();
    for (const { id, nativeId, project, needs, members } of (await scanned(folder)).units.values()) {
      for (const { path } of members) known.set(path, { id, nativeId, project, needs });
    }
    const closed: Files = {
      ...nodeFiles(),
      open: (path) => Promise.reject(new Error(`opened ${path}`)),
    };
    const again = await folder.place.source.scan(folder.place, closed, { known: (_root, path) => known.get(path) });
    expect(again.units.map(({ nativeId, needs }) => [nativeId, needs])).toEqual([
      [threadId(1), [`codex:${threadId(2)}`]],
      [threadId(2), []],
    ]);
  });
});

describe("what can't be trusted", () => {
  const heads: readonly (readonly [string, string])[] = [
    ["a torn line", headLine(threadId(9)).slice(0, 300)],
    ["no JSON", "hello\n"],
    ["an array", `[${headLine(threadId(9)).trim()}]\n`],
    ["no id", record("session_meta", { cwd: "/" })],
    ["an id that is a path", record("session_meta", { id: "../../etc/passwd" })],
    ["an id that is an option", record("session_meta", { id: "--help" })],
    ["an id with a line end", record("session_meta", { id: "a\nb" })],
    ["an id that moves the cursor", record("session_meta", { id: "a\u001b[2J" })],
    ["an id of a kilobyte", record("session_meta", { id: "a".repeat(1024) })],
    ["an id that is a number", record("session_meta", { id: 7 })],
    ["an id that is an object", record("session_meta", { id: { a: 1 } })],
    ["another first line", record("event_msg", { id: threadId(9) })],
    ["a blank first line", `\n${headLine(threadId(9))}`],
  ];
  test.each(heads)("%s is no session, and is named", async (_what, content) => {
    const folder = await codexFolder();
    await folder.write("sessions/rollout-a.jsonl", content);
    await folder.thread(threadId(1));
    const { units, leftOut } = await scanned(folder);
    expect([...units.keys()]).toEqual([threadId(1)]);
    expect(leftOut).toEqual([{ root: "sessions", path: "rollout-a.jsonl", reason: "not a session" }]);
  });

  test("a folder that would fool a terminal is not shown as the project", async () => {
    const folder = await codexFolder();
    await folder.thread(threadId(1), { cwd: "/work/\u001b[31mred" });
    await folder.thread(threadId(2), { cwd: "/work/\u202Etxt" });
    const { units } = await scanned(folder);
    expect([...units.values()].map(({ project }) => project)).toEqual(["sessions/2026/11/01", "sessions/2026/11/01"]);
  });

  test("names of any kind are found as they are", async () => {
    const folder = await codexFolder();
    const names = ["-rf.jsonl", "a b\n.jsonl", "ü\u202E.jsonl", `${"n".repeat(240)}.jsonl`, "rollout-x_y_z.jsonl"];
    for (const [number, name] of names.entries()) await folder.write(`sessions/${name}`, headLine(threadId(number)));
    const { units } = await scanned(folder);
    const found = [...units.values()].flatMap(({ members }) => members.map(({ path }) => path));
    expect(found.sort()).toEqual(names.toSorted());
  });

  test("Codex's own work in progress, other files and empty ones are left out by name", async () => {
    const folder = await codexFolder();
    await folder.write("sessions/.rollout-materialize-1.jsonl", headLine(threadId(1)));
    await folder.write("sessions/notes.txt", "hello");
    await folder.write("sessions/rollout-old.json", "{}");
    await folder.write("sessions/rollout-empty.jsonl", "");
    const { units, leftOut } = await scanned(folder);
    expect(units.size).toBe(0);
    expect(new Map(leftOut.map(({ path, reason }) => [path, reason]))).toEqual(
      new Map([
        [".rollout-materialize-1.jsonl", "not a session"],
        ["notes.txt", "not a session"],
        ["rollout-old.json", "not a session"],
        ["rollout-empty.jsonl", "empty"],
      ]),
    );
  });
});
