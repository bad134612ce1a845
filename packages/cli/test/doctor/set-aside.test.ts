/** A catalogue is set aside: never under a program that has it open, and no step of it loses a byte. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { linkSync, symlinkSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Cli, newCli } from "../support/cli.js";
import { treeHash } from "../support/doctor.js";
import { doctor, must } from "../support/planted.js";
import { transcript, writeFiles } from "../support/sessions.js";

const HOLDER = fileURLToPath(new URL("../support/open-database.ts", import.meta.url));
const LINES = transcript(30, undefined, "live");

/** A home with live sessions only: nothing but its catalogue holds them. */
async function newLive(...always: string[]): Promise<{ readonly cli: Cli; readonly db: string }> {
  const cli = await newCli(...always);
  const many = Array.from({ length: 40 }, (_, n) => [`p/s${n}.jsonl`, transcript(30, undefined, `s${n}`)]);
  await writeFiles(cli.folder, { "p/live.jsonl": LINES, ...Object.fromEntries(many) });
  await must(cli, "import", "p");
  await rm(join(cli.folder, "p"), { recursive: true });
  return { cli, db: join(cli.folder, "home", "sessions.db") };
}

/** Wrong, but what holds the session can still be read: the last page is another table's. */
async function damage(db: string): Promise<void> {
  const file = await open(db, "r+");
  const { size } = await file.stat();
  await file.write(Buffer.alloc(2000, 0xa5), 0, 2000, size - 4096);
  await file.close();
}

async function held(db: string): Promise<() => Promise<void>> {
  const holder = spawn(process.execPath, [...FROM_SOURCES, HOLDER, db], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(holder, "close");
  onTestFinished(() => void holder.kill("SIGKILL"));
  await once(holder.stdout, "data");
  return async () => {
    holder.kill("SIGKILL");
    await ended;
  };
}

describe("while another program has the database open", () => {
  test.each(["rebuild", "doctor --repair"])("%s leaves it where it is", async (command) => {
    const { cli, db } = await newLive();
    await damage(db);
    const end = await held(db);
    const { ino } = await stat(db);
    const run = await cli.run(...command.split(" "));
    expect([run.exitCode, run.text + run.stderr]).toEqual([1, expect.stringContaining("open, and may write to it")]);
    expect((await stat(db)).ino).toBe(ino);
    expect(await readdir(join(cli.folder, "home", "quarantine"))).toEqual([]);
    await end();
    expect((await cli.run("doctor", "--repair")).exitCode).toBe(3);
    expect((await must(cli, "cat", "live")).text).toBe(LINES);
  });
});

describe("after an interruption", () => {
  const ASIDE = ["home", "quarantine", "sessions.db.20260101t000000000z"];

  test("that left no catalogue, and no archives, doctor does not call the place empty", async () => {
    const { cli, db } = await newLive();
    const aside = join(cli.folder, ...ASIDE);
    await mkdir(aside, { recursive: true, mode: 0o700 });
    await writeFile(join(aside, "reason.txt"), "it is damaged", { mode: 0o600 });
    await rename(db, join(aside, "sessions.db"));
    const found = await doctor(cli);
    expect(found).toMatchObject({ exitCode: 1, healthy: false });
    expect(found.findings.map(({ kind }) => kind)).toContain("catalogue-set-aside");
    expect(await doctor(cli, "--repair")).toMatchObject({ exitCode: 3, healthy: true });
    expect((await must(cli, "cat", "live")).text).toBe(LINES);
  });

  test("with the database moved, and its log not yet, both are taken over", async () => {
    const { cli, db } = await newLive();
    const aside = join(cli.folder, ...ASIDE);
    await mkdir(aside, { recursive: true, mode: 0o700 });
    await writeFile(`${db}-wal`, "a log of forty bytes, or somewhat less", { mode: 0o600 });
    linkSync(`${db}-wal`, join(aside, "sessions.db-wal"));
    await writeFile(join(aside, "reason.txt"), "it is damaged", { mode: 0o600 });
    await rename(db, join(aside, "sessions.db"));
    expect(await doctor(cli, "--repair")).toMatchObject({ exitCode: 3, healthy: true });
    expect((await must(cli, "cat", "live")).text).toBe(LINES);
    for (let n = 0; n < 40; n++) await must(cli, "cat", `s${n}`);
  });

  test("what can't be reached now is kept for the next time", async () => {
    const { cli, db } = await newLive();
    const aside = join(cli.folder, ...ASIDE);
    await mkdir(join(aside, "sessions.db"), { recursive: true, mode: 0o700 });
    await writeFile(join(aside, "reason.txt"), "it is damaged", { mode: 0o600 });
    await must(cli, "rebuild");
    expect((await doctor(cli)).findings.map(({ kind }) => kind)).toContain("catalogue-set-aside");
    await rm(join(aside, "sessions.db"), { recursive: true });
    await rename(db, join(aside, "sessions.db"));
    await must(cli, "rebuild");
    expect((await must(cli, "cat", "live")).text).toBe(LINES);
    expect(await doctor(cli)).toMatchObject({ exitCode: 0, healthy: true });
  });
});

describe("a database behind a link", () => {
  test("is set aside where it lies, and the link stays", async () => {
    const { cli, db } = await newLive();
    const disk = join(cli.folder, "disk");
    await mkdir(disk, { mode: 0o700 });
    await rename(db, join(disk, "real.db"));
    symlinkSync("../disk/real.db", db);
    await damage(join(disk, "real.db"));
    const bytes = await readFile(join(disk, "real.db"));
    expect(await doctor(cli, "--repair")).toMatchObject({ exitCode: 3, healthy: true });
    expect((await must(cli, "cat", "live")).text).toBe(LINES);
    expect((await readdir(disk)).sort()).toEqual(["quarantine", "real.db"]);
    const [aside = ""] = await readdir(join(disk, "quarantine"));
    expect((await readdir(join(disk, "quarantine", aside))).sort()).toEqual(["real.db", "taken-over.txt"]);
    expect(bytes.equals(await readFile(join(disk, "quarantine", aside, "real.db")))).toBe(true);
  });
});

test("forget names the damaged catalogue that still holds what is to be forgotten", async () => {
  const { cli, db } = await newLive();
  await damage(db);
  expect(await doctor(cli, "--repair")).toMatchObject({ exitCode: 3 });
  const first = await cli.run("forget", "live", "--yes", "--json");
  const { erased } = first.json<{ erased: { setAside: readonly string[] } }>();
  expect([first.exitCode, erased.setAside.length]).toEqual([1, 1]);
  expect(first.stderr).toContain(`left: ${erased.setAside[0]}: a damaged catalogue`);
  await rm(erased.setAside[0] ?? "", { recursive: true });
  expect((await cli.run("forget", "live", "--yes")).exitCode).toBe(0);
});

test("a healthy catalogue is not changed by a repair", async () => {
  const { cli } = await newLive();
  const hash = await treeHash(join(cli.folder, "home"));
  expect(await doctor(cli, "--repair")).toMatchObject({ exitCode: 0, repairs: [] });
  expect(await treeHash(join(cli.folder, "home"))).toBe(hash);
});
