/** The laid-out home that other tests stand on. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CORPUS, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClaudeHome, filesBelow, layOutClaudeHome } from "./support/claude-home.js";

describe.skipIf(!hasCorpus)(`the corpus as a Claude Code home${hasCorpus ? "" : ` (${NO_CORPUS})`}`, () => {
  let folder: string;
  let laidOut: ClaudeHome;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "agent-folders-"));
    laidOut = await layOutClaudeHome(folder, CORPUS);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("every file below the projects belongs to one session, lacks its session, or is empty", async () => {
    const files = [...laidOut.sessions.flatMap(({ files }) => files), ...laidOut.orphans, ...laidOut.empty];
    const paths = files.map((path) => path.slice(laidOut.projects.length + 1));
    expect(paths.toSorted()).toEqual(await filesBelow(laidOut.projects));
  });

  test("there are sessions of every form", () => {
    const { sessions } = laidOut;
    const has = (pattern: RegExp): number => sessions.filter(({ files }) => files.some((p) => pattern.test(p))).length;
    expect(sessions.length).toBeGreaterThan(50);
    expect(new Set(sessions.map(({ uuid }) => uuid)).size).toBe(sessions.length);
    for (const form of [/subagents\/agent-.*\.jsonl$/, /\.meta\.json$/, /tool-results/, /-[^/]*\/agent-[^/]*\.jsonl$/])
      expect(has(form)).toBeGreaterThan(0);
  });

  test("transcripts are private, and old enough to archive", async () => {
    for (const { transcript } of laidOut.sessions) {
      const { mode, mtimeMs } = await stat(transcript);
      expect(mode & 0o777).toBe(0o600);
      expect(Date.now() - mtimeMs).toBeGreaterThan(7 * 24 * 60 * 60 * 1000);
    }
  });
});
