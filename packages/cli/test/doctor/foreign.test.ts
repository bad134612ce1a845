/** What lies in the stores' folders and does not belong there; and the layout of a plain-file store. */
import { copyFile, mkdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { newCli } from "../support/cli.js";
import { archiveFile, lookedAt, newStore, only } from "../support/doctor.js";
import { unpackEarlier } from "../support/earlier.js";

describe("among the archives", () => {
  test("other files and another store's folder are counted, hidden and set-aside ones are not", async () => {
    const { home, find } = await newStore();
    const sink = join(home, "archives");
    await writeFile(join(sink, "letter.txt"), "x");
    await writeFile(join(sink, ".DS_Store"), "x");
    await mkdir(join(sink, "other/.staging"), { recursive: true });
    await writeFile(join(sink, "other/a.txt"), "x");
    const archive = await archiveFile(home, "archived");
    const aside = join(sink, "quarantine", archive.slice(sink.length), "..");
    await mkdir(aside, { recursive: true, mode: 0o700 });
    await copyFile(archive, join(aside, `${basename(archive)}.damaged`));
    const finding = only(await find(), "foreign-files");
    expect(finding).toMatchObject({ severity: "note", message: expect.stringContaining("2 other things") });
    expect(finding.message).toContain("letter.txt");
    expect(finding.message).not.toMatch(/quarantine|a\.txt|DS_Store/);
    expect((await find()).map(({ kind }) => kind)).toEqual(["foreign-files"]);
  });

  test("a file with an archive's bytes under another name", async () => {
    const { home, find } = await newStore();
    const archive = await archiveFile(home, "archived");
    await copyFile(archive, join(dirname(archive), "backup.gz"));
    await truncate(await archiveFile(home, "resumed"), 30);
    await writeFile(join(dirname(archive), "other.gz"), "x".repeat(30));
    const found = await find();
    expect(only(found, "double-name")).toMatchObject({ severity: "note", sessions: ["archived"] });
    expect(only(found, "foreign-files").message).toContain("other.gz");
    expect(only(found, "foreign-files").message).not.toContain("backup.gz");
  });

  test.each([
    (name: string) => `${name}.part`,
    (name: string) => `${name}~`,
    (name: string) => `${name}.crdownload`,
    (name: string) => `.${name}.Ab3dE9`,
  ])("the beginning of a copied archive", async (unfinished) => {
    const { home, find } = await newStore();
    const archive = await archiveFile(home, "archived");
    await writeFile(join(dirname(archive), unfinished(basename(archive))), "x");
    expect(await find()).toMatchObject([{ kind: "half-written", severity: "note", sessions: ["archived"] }]);
  });

  test("an archive without a byte", async () => {
    const { home, find } = await newStore();
    await truncate(await archiveFile(home, "archived"), 0);
    expect(await find()).toMatchObject([{ kind: "archive-empty", severity: "damage", sessions: ["archived"] }]);
  });
});

describe("the layout of plain files", () => {
  test("of version 0.1 is a note, and the next command that writes changes it", async () => {
    const cli = await newCli("--store", "fs:home", "--archives", "fs:home/archives");
    const home = join(cli.folder, "home");
    await unpackEarlier("fs", home);
    const { find } = lookedAt(cli, "fs", home);
    expect(only(await find(), "old-layout").severity).toBe("note");
    expect(only(await find(), "wrong-modes").repair).toBeDefined();
    expect((await cli.run("sweep")).exitCode).toBe(0);
    expect((await find()).map(({ kind }) => kind)).not.toContain("old-layout");
  });

  test("with both folders no command works", async () => {
    const { cli, home, find } = await newStore("fs");
    await rm(join(home, "sessions"));
    await mkdir(join(home, "sessions"), { mode: 0o700 });
    const finding = only(await find(), "old-layout");
    expect(finding).toMatchObject({ severity: "damage", remedy: expect.stringContaining("--store fs:DIR") });
    expect((await cli.run("list")).exitCode).toBe(1);
    await rename(join(home, "sessions"), join(cli.folder, "sessions"));
    expect(only(await find(), "old-layout").severity).toBe("note");
    expect((await cli.run("list")).exitCode).toBe(0);
  });

  test("without its link, or with something else in its place", async () => {
    const { cli, home, find } = await newStore("fs");
    await rm(join(home, "sessions"));
    await writeFile(join(home, "sessions"), "x", { mode: 0o600 });
    expect(only(await find(), "old-layout").severity).toBe("warning");
    expect((await cli.run("pin", "live")).exitCode).toBe(1);
    await rm(join(home, "sessions"));
    await symlink("elsewhere", join(home, "sessions"));
    expect(only(await find(), "old-layout").severity).toBe("warning");
    await rm(join(home, "sessions"));
    expect(only(await find(), "old-layout").severity).toBe("note");
    expect((await cli.run("pin", "live")).exitCode).toBe(0);
    expect(await find()).toEqual([]);
  });
});
