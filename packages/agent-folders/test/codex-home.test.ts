/** The laid-out home that other tests stand on. */
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { CORPUS, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CodexHome, layOutCodexHome } from "./support/codex-home.js";

describe.skipIf(!hasCorpus)(`the corpus as a Codex home${hasCorpus ? "" : ` (${NO_CORPUS})`}`, () => {
  let folder: string;
  let laidOut: CodexHome;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "agent-folders-"));
    laidOut = await layOutCodexHome(folder, CORPUS);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("every thread has one file, which has the form of name and place that Codex gives it", async () => {
    const { home, threads, others } = laidOut;
    expect(threads.length).toBeGreaterThan(25);
    expect(new Set(threads.map(({ nativeId }) => nativeId)).size).toBe(threads.length);
    expect(others.length).toBeGreaterThan(0);
    for (const { root, path } of threads) {
      const folder = root === "sessions" ? String.raw`\d{4}/\d\d/\d\d/` : "";
      expect(path).toMatch(new RegExp(String.raw`^${folder}rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-.+\.jsonl$`));
    }
    const below = await readdir(home, { recursive: true });
    const laid = [...threads.map(({ location }) => location), ...others].map((path) => basename(path));
    expect(
      below
        .map((path) => basename(path))
        .filter((name) => name.startsWith("rollout-"))
        .sort(),
    ).toEqual(laid.sort());
  });

  test("each first line names its thread, and some files are named after another one", async () => {
    let namedAfterAnother = 0;
    for (const { nativeId, location } of laidOut.threads) {
      const [line = ""] = (await readFile(location, "utf8")).replace(/^\uFEFF/, "").split("\n");
      expect(JSON.parse(line).payload.id).toBe(nativeId);
      if (!location.includes(nativeId)) namedAfterAnother++;
    }
    expect(namedAfterAnother).toBe(10);
  });

  test("files are old enough to archive, and have the mode that Codex gives them", async () => {
    for (const { location } of laidOut.threads) {
      const { mode, mtimeMs } = await stat(location);
      expect(mode & 0o777).toBe(0o644);
      expect(Date.now() - mtimeMs).toBeGreaterThan(7 * DAY_MS);
    }
  });
});

const DAY_MS = 24 * 60 * 60 * 1000;
