import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { listAll } from "./support/listed.js";
import { transcript, writeFiles } from "./support/sessions.js";

const TEXT = transcript(500);
/** Too long for an inline manifest. */
const LONG = transcript(800);
const run = promisify(execFile);

async function filledCli(): Promise<Cli> {
  const cli = await newCli();
  await writeFiles(cli.folder, { "p/-Users-me/s.jsonl": TEXT });
  await cli.run("import", "p");
  return cli;
}

const ID = "-Users-me/s";

async function archivedCli(): Promise<Cli> {
  const cli = await filledCli();
  await cli.run("archive", ID);
  return cli;
}

async function archiveFile(cli: Cli): Promise<string> {
  const archiveKey = (await listAll(cli))[0]?.archiveKey;
  const names = await readdir(join(cli.folder, "home/archives"), { recursive: true });
  const wanted = archiveKey?.slice(archiveKey.lastIndexOf("/") + 1) ?? "";
  return join(cli.folder, "home/archives", names.find((name) => name.endsWith(wanted)) ?? "");
}

describe("export", () => {
  test("without a file name writes a .jsonl named after the last part of the id", async () => {
    const cli = await filledCli();
    const result = await cli.run("export", ID, "--json");
    expect(result.json()).toEqual({ id: ID, path: "s.jsonl", format: "jsonl", copied: false, bytes: TEXT.length });
    expect(await readFile(join(cli.folder, "s.jsonl"), "utf8")).toBe(TEXT);
    expect((await stat(join(cli.folder, "s.jsonl"))).mode & 0o777).toBe(0o600);
  });

  test("copies the archive's own bytes into a .gz file", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/-Users-me/s.jsonl": LONG });
    await cli.run("import", "p");
    await cli.run("archive", ID);
    const path = join(cli.folder, "out.jsonl.gz");
    const result = await cli.run("export", ID, "-o", path, "--json");
    expect(result.json()).toMatchObject({ id: ID, path, format: "jsonl.gz", copied: true });
    expect((await readFile(path)).equals(await readFile(await archiveFile(cli)))).toBe(true);
    await run("gzip", ["-t", path]);
    expect((await run("zcat", [path])).stdout).toBe(LONG);
  });

  test("compresses a live session, or one that resumed after it was archived", async () => {
    const cli = await filledCli();
    await cli.run("export", ID, "-o", "live.jsonl.gz");
    expect(gunzipSync(await readFile(join(cli.folder, "live.jsonl.gz"))).toString()).toBe(TEXT);
    await cli.run("archive", ID);
    await writeFile(join(cli.folder, "p/-Users-me/s.jsonl"), `${TEXT}{}\n`);
    await cli.run("import", "p");
    const result = await cli.run("export", ID, "-o", "resumed.jsonl.gz", "--json");
    expect(result.json()).toMatchObject({ copied: false });
    expect((await run("zcat", [join(cli.folder, "resumed.jsonl.gz")])).stdout).toBe(`${TEXT}{}\n`);
  });

  test("writes to stdout", async () => {
    expect((await (await archivedCli()).run("export", ID, "-o", "-")).text).toBe(TEXT);
  });

  test("replaces a file only with --force, and only a regular file", async () => {
    const cli = await archivedCli();
    await writeFile(join(cli.folder, "taken.jsonl"), "mine");
    await mkdir(join(cli.folder, "folder.jsonl"));
    await symlink(join(cli.folder, "taken.jsonl"), join(cli.folder, "link.jsonl"));
    for (const words of [["taken.jsonl"], ["folder.jsonl", "--force"], ["link.jsonl", "--force"]]) {
      const result = await cli.run("export", ID, "-o", ...words, "--json");
      expect(result.exitCode).toBe(1);
      expect(result.json()).toMatchObject({ error: { code: "CONFLICT" } });
    }
    expect(await readFile(join(cli.folder, "taken.jsonl"), "utf8")).toBe("mine");
    expect((await cli.run("export", ID, "-o", "taken.jsonl", "--force")).exitCode).toBe(0);
    expect(await readFile(join(cli.folder, "taken.jsonl"), "utf8")).toBe(TEXT);
  });

  test("leaves nothing behind if it fails", async () => {
    const cli = await archivedCli();
    const before = (await readdir(cli.folder)).sort();
    const path = await archiveFile(cli);
    const whole = await readFile(path);
    const damaged: readonly (readonly [string, Buffer])[] = [
      ["a changed byte", Buffer.from(whole.map((byte, i) => (i === whole.length - 500 ? byte ^ 1 : byte)))],
      ["cut", whole.subarray(0, -4)],
      ["too long", Buffer.concat([whole, Buffer.from("x")])],
      ["another archive", await otherArchive()],
    ];
    for (const [, bytes] of damaged) {
      await writeFile(path, bytes);
      const result = await cli.run("export", ID, "-o", "out.gz", "--json");
      expect(result.exitCode).toBe(1);
      expect(result.json()).toMatchObject({ error: { code: "CORRUPT" } });
      expect((await readdir(cli.folder)).sort()).toEqual(before);
    }
    const missing = await cli.run("export", ID, "-o", "no/such/folder.jsonl", "--json");
    expect(missing.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
  });

  test("asks for a name if the id gives none", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/x/.jsonl": TEXT });
    await cli.run("import", "p");
    const result = await cli.run("export", "x/", "--json");
    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({
      error: { code: "INVALID_ARGUMENT", message: expect.stringContaining("-o") },
    });
  });

  test("refuses a pruned session", async () => {
    const cli = await archivedCli();
    await cli.run("prune", "--max-total-bytes", "0");
    for (const name of ["out.jsonl", "out.jsonl.gz"]) {
      expect((await cli.run("export", ID, "-o", name, "--json")).json()).toMatchObject({ error: { code: "PRUNED" } });
    }
    expect(await readdir(cli.folder)).not.toContain("out.jsonl");
  });
});

async function otherArchive(): Promise<Buffer> {
  const cli = await newCli();
  await writeFiles(cli.folder, { "s.jsonl": transcript(500, undefined, "other") });
  await cli.run("import", "s.jsonl");
  await cli.run("archive", "s");
  return readFile(await archiveFile(cli));
}
