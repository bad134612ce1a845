import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { countLines } from "@session-archiver/core/format";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { describe, expect, test } from "vitest";
import { newCli } from "./support/cli.js";
import { listAll } from "./support/listed.js";

if (!hasCorpus) console.warn(NO_CORPUS);
const growing = await growingSessions();

describe.runIf(hasCorpus)("real sessions", () => {
  test.each(growing)("grow step by step: %s", async (path, steps) => {
    const cli = await newCli();
    const id = basename(path, ".jsonl");
    for (const [i, step] of steps.entries()) {
      await mkdir(join(cli.folder, "p"), { recursive: true });
      await writeFile(join(cli.folder, "p", `${id}.jsonl`), step);
      const report = (await cli.run("import", "p", "--json")).json();
      expect(report).toMatchObject({ imported: i === 0 ? 1 : 0, appended: i === 0 ? 0 : 1, failed: [] });
      expect((await cli.run("cat", id)).stdout.equals(step)).toBe(true);
      const [session] = await listAll(cli);
      expect(session).toMatchObject({ lineCount: countLines(step), lastActivityMs: newestTimestamp(step) });
      if (i % 2 === 0) expect((await cli.run("archive", id)).exitCode).toBe(0);
    }
    expect((await cli.run("verify")).exitCode).toBe(0);
  });
});

/** Snapshots of a growing session, oldest first, then all of it. */
async function growingSessions(): Promise<[string, readonly Buffer[]][]> {
  if (!hasCorpus) return [];
  const snapshots = Map.groupBy(await corpusFiles("growth"), (path) => dirname(path));
  return Promise.all(
    [...snapshots].map(async ([session, steps]): Promise<[string, readonly Buffer[]]> => {
      const whole = (await corpusFiles(dirname(session))).find((path) => path.endsWith(`${basename(session)}.jsonl`));
      const paths = [...steps.map((path) => join("growth", path)), join(dirname(session), whole ?? "")];
      return [session, await Promise.all(paths.map((path) => readFile(join(CORPUS, path))))];
    }),
  );
}

function newestTimestamp(bytes: Buffer): number {
  const times = bytes
    .toString()
    .split("\n")
    .map((line) => {
      try {
        return Date.parse((JSON.parse(line) as { timestamp: string }).timestamp);
      } catch {
        return Number.NaN; // blank, or torn
      }
    });
  return Math.max(...times.filter((time) => !Number.isNaN(time)));
}
