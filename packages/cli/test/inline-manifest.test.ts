/** A short session is one file among the archives, which every gzip program reads, and whose manifest no export holds. */
import { execFile, execFileSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { inlineManifest } from "@session-archiver/core/format";
import { expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { filesIn } from "./support/doctor.js";
import { detailsOf } from "./support/imports.js";
import { transcript, writeFiles } from "./support/sessions.js";

const TEXT = transcript(30, undefined, "grüße");
const run = promisify(execFile);

/** The store's plain files, and those of the session among the archives. */
async function archived(lines = TEXT): Promise<{ readonly cli: Cli; readonly files: readonly string[] }> {
  const cli = await newCli("--store", "fs:home", "--archives", "fs:home/archives");
  await writeFiles(cli.folder, { "p/s.jsonl": lines });
  await cli.run("import", "p");
  expect((await cli.run("archive", "s")).exitCode).toBe(0);
  const files = (await filesIn(join(cli.folder, "home/archives"))).filter((path) => !path.includes("/runs/"));
  return { cli, files };
}

const READERS: readonly (readonly [program: string, ...words: string[]])[] = [
  ["gunzip", "-c"],
  ["zcat"],
  ["python3", "-c", "import gzip, sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())"],
];

function isHere(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.each(READERS.filter(([program]) => isHere(program)))(
  "the one file is unpacked by %s",
  async (program, ...words) => {
    const { files } = await archived();
    const [file = "", ...more] = files;
    expect(more).toEqual([]);
    const { stdout } = await run(program, [...words, file], { encoding: "buffer" });
    expect(stdout.equals(Buffer.from(TEXT))).toBe(true);
  },
);

test("an export is the archive without the manifest, since it may be given to others", async () => {
  const { cli, files } = await archived();
  const stored = await readFile(files[0] ?? "");
  const manifest = Buffer.from(inlineManifest(stored) ?? []);
  expect(JSON.parse(manifest.toString())).toMatchObject({ id: "s", meta: expect.anything() });
  const exported = await cli.run("export", "s", "-o", "out.jsonl.gz", "--json");
  expect(exported.json()).toMatchObject({ copied: true, bytes: stored.length - manifest.length });
  const given = await readFile(join(cli.folder, "out.jsonl.gz"));
  expect(inlineManifest(given)).toBeUndefined();
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
  expect(given).toEqual(Buffer.concat([header, stored.subarray(header.length + manifest.length)]));
  expect((await run("gunzip", ["-c", join(cli.folder, "out.jsonl.gz")])).stdout).toBe(TEXT);
});

test("info counts every byte of the file once, and says where the manifest is", async () => {
  const { cli, files } = await archived();
  const { archiveBytes, manifest, archive } = await detailsOf(cli, "s");
  const { size } = await stat(files[0] ?? "");
  expect(archiveBytes).toBe(size);
  expect((archive[0]?.bytes ?? 0) + (manifest?.bytes ?? 0)).toBe(size);
  expect((await cli.run("info", "s")).text).toMatch(/\nManifest +[\d,.]+ k?B {2}in the archive's header\n/);
});

test("a session of 64 KiB and more has its manifest beside it", async () => {
  const line = transcript(1);
  const short = line.repeat(Math.floor((64 * 1024 - 1) / line.length));
  expect((await archived(short)).files).toHaveLength(1);
  expect((await archived(short + line)).files.map((path) => /\.jsonl\.gz$|\.json$/.exec(path)?.[0])).toEqual([
    ".json",
    ".jsonl.gz",
  ]);
});
