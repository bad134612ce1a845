/** Several processes import the same files at once: each succeeds, and every session is complete. */
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ImportReport } from "../src/import/report.js";
import { type Cli, newCli } from "./support/cli.js";
import { listAll } from "./support/listed.js";
import { runProcess } from "./support/processes.js";
import { transcript, writeFiles } from "./support/sessions.js";

const FILES = 60;
const ROUNDS = 2;
const OLD = Date.UTC(2026, 0, 15);
const STORES = [
  ["a database and a folder", []],
  ["one folder", ["--store", "fs:all", "--archives", "fs:all"]],
] as const;

/** Most have some KB, a few some MB. */
function files(): Record<string, string> {
  const entries = Array.from({ length: FILES }, (_, i) => {
    const lines = i % 20 === 7 ? 20_000 : 5 + (i % 30);
    return [`p/s${i}.jsonl`, transcript(lines, OLD, `session ${i}`)];
  });
  return Object.fromEntries(entries);
}

/** Starts this many imports at once, and one more when the first one has begun to work. */
async function importAtOnce(cli: Cli, always: readonly string[], count: number): Promise<readonly ImportReport[]> {
  const words = [...always, "import", "p"];
  const begun = Promise.withResolvers<void>();
  const runs = Array.from({ length: count }, () => runProcess(cli.folder, words, { onBegun: begun.resolve }));
  await begun.promise;
  const outcomes = await Promise.all([...runs, runProcess(cli.folder, words)]);
  return outcomes.map(({ exitCode, stdout, stderr }) => {
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout, stderr });
    return JSON.parse(stdout);
  });
}

/** Checks that bytes, counts and times from the lines are as after a single import. */
async function expectWhole(cli: Cli): Promise<void> {
  const sessions = await listAll(cli);
  expect(sessions).toHaveLength(FILES);
  for (const { id, rawBytes, lineCount, lastActivityMs } of sessions) {
    const file = await readFile(join(cli.folder, "p", `${id}.jsonl`));
    const lines = file.toString().split("\n").length - 1;
    expect([id, rawBytes, lineCount, lastActivityMs]).toEqual([id, file.length, lines, OLD]);
    expect((await cli.run("cat", id)).stdout.equals(file)).toBe(true);
  }
  expect((await cli.run("import", "p", "--json")).json()).toMatchObject({ imported: 0, appended: 0, skipped: FILES });
}

function sum(reports: readonly ImportReport[], of: "imported" | "appended"): number {
  return reports.reduce((total, report) => total + report[of], 0);
}

describe.each(STORES)("imports at once into %s", (_, always) => {
  test("import every file once", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const cli = await newCli(...always);
      await writeFiles(cli.folder, files());
      const reports = await importAtOnce(cli, always, 2);
      expect(sum(reports, "imported")).toBe(FILES);
      expect(sum(reports, "appended")).toBe(0);
      await expectWhole(cli);
    }
  });

  test("extend files that have grown, live and archived ones, without writing a byte twice", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const cli = await newCli(...always);
      const all = files();
      await writeFiles(cli.folder, all);
      await cli.run("import", "p");
      await cli.run("archive", ...Array.from({ length: FILES / 2 }, (_, i) => `s${i * 2}`));
      for (const path of Object.keys(all)) {
        const more = path.endsWith("7.jsonl") ? transcript(12_000, OLD, "more") : transcript(3, OLD, "more");
        await appendFile(join(cli.folder, path), more);
      }
      const reports = await importAtOnce(cli, always, 2);
      expect(sum(reports, "imported")).toBe(0);
      expect(sum(reports, "appended")).toBeGreaterThanOrEqual(FILES);
      await expectWhole(cli);
    }
  });
});
