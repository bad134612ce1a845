/** Threads of several files, and what they need of others. */
import { link, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { nodeFiles } from "../../src/files/node-files.js";
import type { KnownTranscript } from "../../src/index.js";
import { codexFolder, headLine, membersOf, scanned, threadId } from "../support/rollouts.js";

const [A, B, C] = [threadId(1), threadId(2), threadId(3)];
const SEGMENT = threadId(101);
const SECOND = threadId(102);

describe("reverts", () => {
  test("a thread and what it was reverted to are one unit; the beginning is the output", async () => {
    const folder = await codexFolder();
    const first = await folder.thread(A);
    const second = await folder.thread(A, { history_base: { thread_id: A } }, SEGMENT);
    const third = await folder.thread(A, { history_base: { thread_id: SEGMENT } }, SECOND);
    const { units } = await scanned(folder);
    expect([...units.keys()]).toEqual([A]);
    const name = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
    expect([...membersOf(units.get(A))]).toEqual([
      ["output", first],
      ...[second, third].map((path) => [name(path), path]),
    ]);
    expect(units.get(A)?.needs).toEqual([]);
  });

  test("a thread that was reverted to nothing keeps its output, though the new file is a beginning, too", async () => {
    const folder = await codexFolder();
    const second = await folder.thread(A, {}, SEGMENT);
    const first = await folder.thread(A);
    const { units } = await scanned(folder);
    expect([...membersOf(units.get(A)).values()]).toEqual([first, second]);
  });

  test("without its beginning, a thread that was reverted to nothing is whole; another one is not", async () => {
    const folder = await codexFolder();
    const path = await folder.thread(A, {}, SEGMENT);
    const lost = await folder.thread(B, { history_base: { thread_id: B } }, SECOND);
    const { units, leftOut } = await scanned(folder);
    expect([...units.values()].map((unit) => [...membersOf(unit)])).toEqual([[["output", path]]]);
    expect(leftOut).toEqual([{ root: "sessions", path: lost.slice("sessions/".length), reason: "no beginning" }]);
  });

  test("and so if both were known", async () => {
    const folder = await codexFolder();
    const path = await folder.thread(A, {}, SEGMENT);
    await folder.thread(B, { history_base: { thread_id: B } }, SECOND);
    const known = (path: string): KnownTranscript => {
      const nativeId = path.includes(A) ? A : B;
      return { id: `codex:${nativeId}`, nativeId, project: "/work/a", needs: [] };
    };
    const options = { known: (_root: string, path: string) => known(path) };
    const { units, leftOut } = await folder.place.source.scan(folder.place, nodeFiles(), options);
    expect(units.map((unit) => [...membersOf(unit)])).toEqual([[["output", path]]]);
    expect(leftOut.map(({ reason }) => reason)).toEqual(["no beginning"]);
  });

  test("a fork of a reverted thread names its base by the file: it needs the thread", async () => {
    const folder = await codexFolder();
    await folder.thread(A);
    await folder.thread(A, { history_base: { thread_id: A } }, SEGMENT);
    await folder.thread(B, { history_base: { thread_id: SEGMENT } });
    const { units } = await scanned(folder);
    expect(units.get(B)?.needs).toEqual([`codex:${A}`]);
  });
});

describe("files of one id at two places", () => {
  test("are one unit, and keep names of their own", async () => {
    const folder = await codexFolder();
    const path = await folder.thread(A);
    const name = path.slice(path.lastIndexOf("/") + 1);
    await folder.write(`archived_sessions/${name}`, headLine(A));
    await folder.write(`sessions/2026/11/02/${name}`, headLine(A));
    const { units } = await scanned(folder);
    expect(membersOf(units.get(A))).toEqual(
      new Map([
        ["output", path],
        [`sessions/2026/11/02/${name}`, `sessions/2026/11/02/${name}`],
        [`archived_sessions/${name}`, `archived_sessions/${name}`],
      ]),
    );
  });
});

describe("compressed by Codex", () => {
  const packed = (id: string, head = {}): Buffer => zstdCompressSync(headLine(id, head).repeat(3));

  test("stays, is found by what it holds, and is never the output", async () => {
    const folder = await codexFolder();
    const path = `sessions/rollout-2026-11-01T10-00-00-${B}.jsonl.zst`;
    await folder.write(path, packed(A, { forked_from_id: C }));
    const unit = (await scanned(folder)).units.get(A);
    expect(unit?.stays).toBe("compressed by Codex already");
    expect([...membersOf(unit)]).toEqual([[path.slice("sessions/".length), path]]);
    expect(unit?.needs).toEqual([`codex:${C}`]);
  });

  test("a damaged one is found by its name", async () => {
    const folder = await codexFolder();
    const bytes = packed(B);
    await folder.write(`sessions/rollout-2026-11-01T10-00-00-${A}.jsonl.zst`, bytes.fill(7, 8));
    await folder.write("sessions/rollout-x.jsonl.zst", "no zstd");
    const { units, leftOut } = await scanned(folder);
    expect([...units.keys()]).toEqual([A]);
    expect(leftOut).toEqual([{ root: "sessions", path: "rollout-x.jsonl.zst", reason: "not a session" }]);
  });

  test("both forms beside each other stay, and the lines are the output", async () => {
    const folder = await codexFolder();
    const path = await folder.thread(A);
    await folder.write(`${path}.zst`, packed(A));
    const unit = (await scanned(folder)).units.get(A);
    expect(unit?.stays).toBe("compressed by Codex already");
    expect([...membersOf(unit).values()]).toEqual([path, `${path}.zst`]);
  });
});

describe("links", () => {
  test("a link, a linked folder and a file of several names are left out and named", async () => {
    const folder = await codexFolder();
    const path = await folder.thread(A);
    await symlink(join(folder.home, path), join(folder.home, "sessions/link.jsonl"));
    await mkdir(join(folder.home, "elsewhere"));
    await symlink(join(folder.home, "elsewhere"), join(folder.home, "sessions/2027"));
    const twice = await folder.write("sessions/twice.jsonl", headLine(B));
    await link(twice, join(folder.home, "elsewhere/twice.jsonl"));
    const { units, leftOut } = await scanned(folder);
    expect([...units.keys()]).toEqual([A]);
    expect(leftOut).toEqual([
      { root: "sessions", path: "2027", reason: "link" },
      { root: "sessions", path: "link.jsonl", reason: "link" },
      { root: "sessions", path: "twice.jsonl", reason: "several names" },
    ]);
  });

  test("what a fork of several names needs stays, and so does a thread with a file of several names", async () => {
    const folder = await codexFolder();
    await folder.thread(A);
    await folder.thread(B, { history_base: { thread_id: A } });
    const fork = await folder.thread(C, { history_base: { thread_id: B } });
    await link(join(folder.home, fork), join(folder.home, "fork.jsonl"));
    const before = await folder.thread(threadId(4));
    const revert = await folder.thread(threadId(4), { history_base: { thread_id: threadId(4) } }, SEGMENT);
    await link(join(folder.home, revert), join(folder.home, "revert.jsonl"));
    const { units } = await scanned(folder);
    const stays = new Map([...units.values()].map(({ nativeId, stays }) => [nativeId, stays]));
    const needed = "a thread in a file with several names needs it";
    expect(stays).toEqual(
      new Map([
        [A, needed],
        [B, needed],
        [threadId(4), "one of its files has several names"],
      ]),
    );
    expect([...membersOf(units.get(threadId(4))).values()]).toEqual([before]);
  });
});
