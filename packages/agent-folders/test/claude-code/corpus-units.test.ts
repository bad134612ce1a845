/** The whole corpus, laid out as Claude Code lays it out, is found as the sessions that it holds. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CORPUS, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claudeCodeSource } from "../../src/claude-code/source.js";
import { placeOf } from "../../src/place.js";
import type { KnownTranscript, Scan } from "../../src/source.js";
import { type ClaudeHome, layOutClaudeHome } from "../support/claude-home.js";
import { type CountedFiles, countedFiles, knowsNothing } from "../support/counted-files.js";

describe.skipIf(!hasCorpus)(`units of the corpus${hasCorpus ? "" : ` (${NO_CORPUS})`}`, () => {
  const source = claudeCodeSource();
  let folder: string;
  let laidOut: ClaudeHome;
  let files: CountedFiles;
  let scan: Scan;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "agent-folders-"));
    laidOut = await layOutClaudeHome(folder, CORPUS);
    files = countedFiles();
    scan = await source.scan(await placeOf(source, laidOut.home, files, {}), files, { known: knowsNothing });
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("each session is one unit with exactly its files", () => {
    const found = scan.units.map(({ id, members }) => [
      id,
      members.map(({ path }) => join(laidOut.projects, path)).sort(),
    ]);
    const sessions = laidOut.sessions.map(({ uuid, files }) => [`claude-code:${uuid}`, files.toSorted()]);
    const lone = scan.units.filter(({ nativeId }) => nativeId.includes("/agent-"));
    expect(lone.map(({ members }) => join(laidOut.projects, members[0]?.path ?? "")).sort()).toEqual(
      laidOut.orphans.toSorted(),
    );
    const ids = new Set(lone.map(({ id }) => id));
    expect(Object.fromEntries(found.filter(([id]) => !ids.has(String(id))))).toEqual(Object.fromEntries(sessions));
    expect(scan.units).toHaveLength(sessions.length + lone.length);
    const leftOut = scan.leftOut.map(({ path, reason }) => [join(laidOut.projects, path), reason]);
    expect(Object.fromEntries(leftOut)).toEqual(Object.fromEntries(laidOut.empty.map((path) => [path, "empty"])));
    expect(scan.units.filter(({ stays }) => stays !== undefined)).toEqual([]);
  });

  test("only old subagents are opened, once", () => {
    expect(files.opened.filter((path) => !/\/agent-[^/]*$/.test(path))).toEqual([]);
    expect(new Set(files.opened).size).toBe(files.opened.length);
  });

  test("nothing is opened again, and the units stay the same", async () => {
    const known = new Map<string, KnownTranscript>();
    for (const { id, nativeId, project, needs, members } of scan.units) {
      for (const { path } of members) known.set(path, { id, nativeId, project, needs });
    }
    const again = countedFiles();
    const place = await placeOf(source, laidOut.home, again, {});
    const same = await source.scan(place, again, { known: (_root, path) => known.get(path) });
    expect(same).toEqual(scan);
    expect(again.opened).toEqual([]);
  });

  test("whole transcripts are no fragments, but for those that were cut by hand", async () => {
    const cut: string[] = [];
    for (const { transcript } of laidOut.sessions) {
      const file = await files.open(transcript);
      if (!file) throw new Error(`${transcript} is gone`);
      for await (const head of file.read({ start: 0, end: 64 * 1024 })) {
        if (source.isFragment?.(head)) cut.push(transcript);
        break;
      }
      await file.close();
    }
    expect(cut).toHaveLength(3);
  });
});
