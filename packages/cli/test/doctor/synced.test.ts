/** `synced-folder`: what the sync programs leave in their folders, and what their folders are called. */
import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { syncedBy } from "../../src/doctor/synced.js";
import { newFolder } from "../support/cli.js";
import { lookedAt, newStore } from "../support/doctor.js";

/** Marks are files, or folders if they end in a slash. */
async function withMark(mark: string): Promise<{ readonly root: string; readonly place: string }> {
  const root = join(await newFolder(), "any");
  const place = join(root, "deep/home/sessions.db");
  await mkdir(dirname(place), { recursive: true });
  if (mark.endsWith("/")) await mkdir(join(root, mark), { recursive: true });
  else {
    await mkdir(dirname(join(root, mark)), { recursive: true });
    await writeFile(join(root, mark), "");
  }
  return { root, place };
}

const LINUX = { env: { HOME: "/home/someone" }, platform: "linux" } as const;

describe("by marks", () => {
  test.each([
    [".dropbox", "Dropbox"],
    [".dropbox.cache/", "Dropbox"],
    [".stfolder/", "Syncthing"],
    [".stignore", "Syncthing"],
    [".sync_0123456789ab.db", "Nextcloud or ownCloud"],
    ["._sync_0123456789ab.db", "Nextcloud or ownCloud"],
    [".owncloudsync.log", "Nextcloud or ownCloud"],
    [".sync/ID", "Resilio Sync"],
    [".sync/IgnoreList", "Resilio Sync"],
    [".tmp.driveupload/", "Google Drive"],
    [".megaignore", "MEGA"],
    [".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"],
    [".seafile-data/", "Seafile"],
  ])("%s: %s", async (mark, program) => {
    const { root, place } = await withMark(mark);
    expect(await syncedBy(place, LINUX)).toEqual({ program, folder: root });
  });

  test.each([".dropbox/", ".sync/", ".sync/other", ".stuff", "sync_12.db"])("not by %s", async (mark) => {
    const { place } = await withMark(mark);
    expect(await syncedBy(place, LINUX)).toBeUndefined();
  });

  test("also through a link, and if the place does not exist yet", async () => {
    const { root } = await withMark(".stfolder/");
    const folder = await newFolder();
    await symlink(join(root, "deep"), join(folder, "link"));
    expect(await syncedBy(join(folder, "link/none/x.db"), LINUX)).toMatchObject({ folder: root });
  });
});

describe("by names", () => {
  test.each([
    ["Dropbox", "Dropbox"],
    ["Dropbox (Personal)", "Dropbox"],
    ["OneDrive", "OneDrive"],
    ["OneDrive - Contoso", "OneDrive"],
    ["Google Drive", "Google Drive"],
    ["iCloudDrive", "iCloud Drive"],
    ["Nextcloud", "Nextcloud or ownCloud"],
    ["pCloudDrive", "pCloud"],
    ["Library/Mobile Documents", "iCloud Drive"],
    ["Library/CloudStorage/GoogleDrive-ada@example.com", "GoogleDrive"],
    ["Library/CloudStorage/Dropbox", "Dropbox"],
  ])("%s in the user's own folder: %s", async (name, program) => {
    const HOME = await newFolder();
    const env = { HOME };
    await mkdir(join(HOME, name, "x"), { recursive: true });
    expect(await syncedBy(join(HOME, name, "x"), { ...LINUX, env })).toEqual({ program, folder: join(HOME, name) });
    // Elsewhere the name alone says nothing.
    const elsewhere = { ...LINUX, env: { HOME: "/home/someone" } };
    expect(await syncedBy(join(HOME, name, "x"), elsewhere)).toBeUndefined();
  });

  test("OneDrive's folders are where Windows says", async () => {
    const folder = await newFolder();
    const env = { USERPROFILE: "/home/someone", OneDriveCommercial: folder, OneDrive: "" };
    expect(await syncedBy(join(folder, "a/b"), { env, platform: "win32" })).toEqual({ program: "OneDrive", folder });
  });

  test("Desktop and Documents are iCloud's if its folder has them", async () => {
    const HOME = await newFolder();
    const place = join(HOME, "Documents/home");
    await mkdir(place, { recursive: true });
    const asked = { env: { HOME }, platform: "darwin" } as const;
    expect(await syncedBy(place, asked)).toBeUndefined();
    const cloud = join(HOME, "Library/Mobile Documents/com~apple~CloudDocs");
    await mkdir(cloud, { recursive: true });
    await symlink(join(HOME, "Documents"), join(cloud, "Documents"));
    expect(await syncedBy(place, asked)).toEqual({ program: "iCloud Drive", folder: join(HOME, "Documents") });
    expect(await syncedBy(join(HOME, "x"), asked)).toBeUndefined();
  });
});

describe("what is said", () => {
  test("of a database is a warning, of its archives a note", async () => {
    const { cli, home, find } = await newStore();
    await mkdir(join(cli.folder, ".stfolder"));
    const findings = await find();
    expect(findings).toMatchObject([
      { kind: "synced-folder", severity: "warning", remedy: expect.stringContaining("--store sqlite:FILE") },
      { kind: "synced-folder", severity: "note", remedy: null },
    ]);
    expect(findings[0]?.message).toContain("Syncthing");
    // The setting that it names.
    const local = await newFolder();
    await rename(join(home, "sessions.db"), join(local, "sessions.db"));
    const store = { kind: "sqlite", path: join(local, "sessions.db") } as const;
    expect(await find({ store })).toMatchObject([{ severity: "note" }]);
  });

  test("of plain files is a warning, too", async () => {
    const { cli, find } = await newStore("fs");
    await mkdir(join(cli.folder, ".stfolder"));
    expect(await find()).toMatchObject([{ severity: "warning" }, { severity: "note" }]);
  });

  test("of archives of two stores is a warning", async () => {
    const { cli, home } = await newStore();
    await mkdir(join(home, "archives/.stfolder"));
    await mkdir(join(home, "archives/0123456789ab"), { mode: 0o700 });
    const found = await lookedAt(cli, "sqlite", home).find();
    expect(found).toMatchObject([{ severity: "warning", message: expect.stringContaining("2 stores") }]);
  });
});
