/** Everything the program writes is for its owner only, whatever the umask: other users must not read people's sessions. */
import { chmod, lstat, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf } from "@session-archiver/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { writeNewFile } from "../src/export/new-file.js";
import { type Cli, newCli, newFolder } from "./support/cli.js";
import { makeSessions } from "./support/reading.js";
import { transcript, writeFiles } from "./support/sessions.js";

/** What must have been written. There is no search index and no configuration file yet. */
const COMMON: Readonly<Record<string, RegExp>> = {
  "a folder that was missing above the home": /^above$/,
  "the home": /^above\/home$/,
  "the folder of the archives": /^above\/home\/archives$/,
  "an archive": /\.jsonl\.gz$/,
  "a manifest": /archives\/[0-9a-f]{12}\/[0-9a-f]{2}\/.*\.json$/,
  "a run record": /archives\/[0-9a-f]{12}\/runs\/.*\.json$/,
  "a staging folder": /archives\/\.staging$/,
  "an exported file": /^out\.jsonl$/,
  "an exported archive": /^out\.gz$/,
  "an exported file that took another's place": /^taken\.jsonl$/,
};
const IN_FILES: Readonly<Record<string, RegExp>> = {
  ...COMMON,
  "the folder of the sessions": /^above\/home\/store$/,
  "the store's notes": /store\/store\.json$/,
  "a session": /store\/.*\.session\.json$/,
  "an output": /store\/.*\.jsonl$/,
  "a size": /store\/.*\.size$/,
  "a lock": /store\/\.lock$/,
};
const IN_A_DATABASE: Readonly<Record<string, RegExp>> = { ...COMMON, "the catalogue": /^above\/home\/sessions\.db$/ };

function umask(mask: number): void {
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));
}

/** Paths below the folder, without the sources, and what is wrong with their modes. Links have no modes of their own. */
async function lookAt(
  folder: string,
): Promise<{ readonly paths: readonly string[]; readonly wide: readonly string[] }> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => !/^p(\/|$)/.test(path));
  const wide: string[] = [];
  for (const path of paths) {
    const stats = await lstat(join(folder, path));
    const mode = stats.mode & 0o777;
    if (!stats.isSymbolicLink() && mode !== (stats.isDirectory() ? 0o700 : 0o600))
      wide.push(`${path} ${mode.toString(8)}`);
  }
  return { paths, wide };
}

async function useAll(cli: Cli): Promise<void> {
  await makeSessions(cli);
  // Its manifest lies beside its archive.
  await writeFiles(cli.folder, { "p/long.jsonl": transcript(800, undefined, "long") });
  await writeFile(join(cli.folder, "taken.jsonl"), "mine");
  await chmod(join(cli.folder, "taken.jsonl"), 0o666);
  for (const words of [
    ["import", "p/long.jsonl"],
    ["archive", "long"],
    ["export", "live", "-o", "out.jsonl"],
    ["export", "archived", "-o", "out.gz"],
    ["export", "live", "-o", "taken.jsonl", "--force"],
    ["restore", "archived"],
  ]) {
    expect(await cli.run(...words)).toMatchObject({ exitCode: 0 });
  }
  // The restored output grows.
  await writeFiles(cli.folder, { "p/archived.jsonl": transcript(20, undefined, "archived") + transcript(1) });
  expect(await cli.run("import", "p")).toMatchObject({ exitCode: 0 });
}

describe.skipIf(process.platform === "win32")("what commands leave is the owner's alone", () => {
  test.each([
    ["sqlite", 0o000],
    ["sqlite", 0o022],
    ["fs", 0o000],
    ["fs", 0o022],
  ] as const)("%s, umask %o", async (kind, mask) => {
    umask(mask);
    const store = kind === "fs" ? ["--store", "fs:above/home", "--archives", "fs:above/home/archives"] : [];
    const cli = await newCli("--home", "above/home", ...store);
    await useAll(cli);
    const { paths, wide } = await lookAt(cli.folder);
    expect(wide).toEqual([]);
    const kinds = Object.entries(kind === "fs" ? IN_FILES : IN_A_DATABASE);
    expect(kinds.filter(([, path]) => !paths.some((one) => path.test(one))).map(([name]) => name)).toEqual([]);
  });

  test("a file that is being exported", async () => {
    umask(0);
    const folder = await newFolder();
    let wide: readonly string[] | undefined;
    await writeNewFile(
      join(folder, "x"),
      (async function* () {
        yield new Uint8Array(3);
        ({ wide } = await lookAt(folder));
        expect(await readdir(folder)).toHaveLength(1);
      })(),
      { force: false },
    );
    expect(wide).toEqual([]);
  });

  test("an export with --force narrows the file that it replaces: its old mode was not meant for a session", async () => {
    umask(0o022);
    const folder = await newFolder();
    await writeFile(join(folder, "x"), "", { mode: 0o644 });
    await writeNewFile(join(folder, "x"), bytesOf(), { force: true });
    expect((await stat(join(folder, "x"))).mode & 0o777).toBe(0o600);
  });

  test("a folder that was there before keeps its mode", async () => {
    umask(0o022);
    const cli = await newCli();
    await mkdir(join(cli.folder, "home"), { mode: 0o755 });
    expect((await cli.run("sweep")).exitCode).toBe(0);
    expect((await stat(join(cli.folder, "home"))).mode & 0o777).toBe(0o755);
  });
});
