/** A missing or damaged archive is made again from the file, if that still exists. */
import { appendFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { bytesOf, claudeLines, imported } from "./support/imports.js";
import { touch, writeFiles } from "./support/sessions.js";

const ID = "claude-code:s1";
const TEXT = claudeLines("s1", 200);

async function withArchive(): Promise<{ readonly cli: Cli; readonly archive: string }> {
  const cli = await newCli();
  await writeFiles(cli.folder, { "p/s1.jsonl": TEXT, "p/other.jsonl": claudeLines("s2", 2) });
  await imported(cli, "p");
  expect((await cli.run("archive", ID)).exitCode).toBe(0);
  const folder = join(cli.folder, "home/archives");
  const [name = ""] = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".jsonl.gz"));
  return { cli, archive: join(folder, name) };
}

describe.each([
  ["missing", (archive: string) => rm(archive)],
  ["cut off", (archive: string) => truncate(archive, 100)],
] as const)("an archive that is %s", (_, damage) => {
  test.each([["untouched"], ["touched"], ["grown"]])("is mended from its file: %s", async (how) => {
    const { cli, archive } = await withArchive();
    await damage(archive);
    expect((await cli.run("verify")).exitCode).toBe(1);
    const path = join(cli.folder, "p/s1.jsonl");
    const more = how === "grown" ? claudeLines("s1", 3, "more") : "";
    if (how === "touched") await touch(path, Date.now() + 5000);
    await appendFile(path, more);
    const run = await cli.run("import", "p", "--json");
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.json()).toMatchObject({ mended: 1, unchanged: 1, failed: [], warnings: [expect.stringContaining(ID)] });
    expect(run.stderr).toContain(`mended ${ID}: its archive was missing or damaged, and was made anew from `);
    expect(await bytesOf(cli, ID)).toBe(TEXT + more);
    expect((await cli.run("verify")).exitCode).toBe(0);
    expect(await imported(cli, "p")).toMatchObject({ unchanged: 2, mended: 0 });
  });

  test("is not mended from a file with other bytes: that is reported, and the others are imported", async () => {
    const { cli, archive } = await withArchive();
    await damage(archive);
    await writeFile(join(cli.folder, "p/s1.jsonl"), claudeLines("s1", 200, "other"));
    const report = await imported(cli, "p");
    expect(report).toMatchObject({ exitCode: 0, mended: 0, unchanged: 1, failed: [{ id: ID, code: "CORRUPT" }] });
    expect((await cli.run("verify")).exitCode).toBe(1);
  });
});

test("a damaged archive of unchanged length is mended once a read finds the damage", async () => {
  const { cli, archive } = await withArchive();
  await writeFile(archive, "x".repeat(10), { flag: "r+" });
  await touch(join(cli.folder, "p/s1.jsonl"), Date.now() + 5000);
  expect(await imported(cli, "p")).toMatchObject({ mended: 1, failed: [] });
  expect((await cli.run("verify")).exitCode).toBe(0);
});
