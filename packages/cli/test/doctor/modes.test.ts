/** `wrong-modes` and `other-owner`. */
import { execFileSync } from "node:child_process";
import { chmod, chown, lstat, mkdir, open, readFile, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { archiveFile, newStore, only } from "../support/doctor.js";

const onPosix = describe.skipIf(process.platform === "win32");
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

onPosix("files and folders that others can read", () => {
  test.each(["sqlite", "fs"] as const)("are counted, and narrowed by the repair: %s", async (kind) => {
    const { home, find } = await newStore(kind);
    const archive = await archiveFile(home, "archived");
    const main = kind === "fs" ? join(home, "store/live.session.json") : join(home, "sessions.db");
    await chmod(archive, 0o640);
    await chmod(main, 0o602);
    await chmod(join(home, "archives"), 0o755);
    await chmod(home, 0o711);
    const finding = only(await find(), "wrong-modes");
    expect(finding).toMatchObject({ severity: "warning", message: expect.stringContaining("2 files and 2 folders") });
    expect(finding.repair?.plan).toBe("set 2 files and 2 folders to 600 (files) and 700 (folders)");
    const before = await readFile(archive);
    expect(await finding.repair?.run()).toBe("4 of 4 were set");
    expect(await Promise.all([archive, main, join(home, "archives"), home].map(modeOf))).toEqual([
      ...[0o600, 0o600, 0o700, 0o700],
    ]);
    expect((await readFile(archive)).equals(before)).toBe(true);
    expect(await find()).toEqual([]);
  });

  test("hidden files of the store's own count, and those of others don't", async () => {
    const { home, find } = await newStore("fs");
    await chmod(join(home, "store/.lock"), 0o644);
    await writeFile(join(home, "archives/.DS_Store"), "", { mode: 0o644 });
    await mkdir(join(home, "archives/.stfolder"));
    await chmod(join(home, "archives/.stfolder"), 0o755);
    expect(only(await find(), "wrong-modes").message).toContain("1 file of the store");
  });

  test("a link's own mode means nothing", async () => {
    const { cli, home, find } = await newStore("fs");
    const outside = join(cli.folder, "outside");
    await writeFile(outside, "x");
    await chmod(outside, 0o644);
    await symlink(outside, join(home, "store/live/link"));
    expect(await find()).toEqual([]);
  });

  test.each([
    ["a link", (moved: string, path: string) => symlink(moved, path)],
    ["another file", (_: string, path: string) => writeFile(path, "x", { mode: 0o644 })],
    ["nothing", async () => {}],
  ])("a repair that comes too late leaves %s alone that has taken the place", async (_, put) => {
    const { cli, home, find } = await newStore();
    const archive = await archiveFile(home, "archived");
    await chmod(archive, 0o644);
    const { repair } = only(await find(), "wrong-modes");
    const moved = join(cli.folder, "moved");
    await rename(archive, moved);
    await put(moved, archive);
    expect(await repair?.run()).toBe("0 of 1 were set");
    expect(await modeOf(moved)).toBe(0o644);
  });

  test("a folder that holds other things, too, is the user's own affair", async () => {
    const { home, find } = await newStore("sqlite", ".hidden/home");
    await writeFile(join(home, "letter.txt"), "x");
    await chmod(home, 0o755);
    await mkdir(join(home, "archives/letters"));
    await writeFile(join(home, "archives/letters/a.txt"), "x");
    await chmod(join(home, "archives/letters"), 0o755);
    await chmod(join(home, "archives/letters/a.txt"), 0o644);
    expect((await find()).map(({ kind }) => kind)).toEqual(["foreign-files"]);
  });

  test("a home that neither store is in is not looked at", async () => {
    const { cli, home, find } = await newStore();
    await mkdir(join(cli.folder, "other/archives"), { recursive: true });
    await chmod(join(cli.folder, "other"), 0o755);
    expect(await find({ home: join(cli.folder, "other") })).toEqual([]);
    await chmod(home, 0o755);
    expect(only(await find(), "wrong-modes").message).toContain("1 folder");
  });

  test("on Windows modes say nothing", async () => {
    const { home, find } = await newStore();
    await chmod(join(home, "archives"), 0o777);
    expect(await find({ platform: "win32" })).toEqual([]);
  });

  test("where a mode can't be set, the repair says so", async () => {
    const { home, find } = await newStore();
    const archive = await archiveFile(home, "archived");
    await chmod(archive, 0o644);
    const { repair } = only(await find(), "wrong-modes");
    const handle = await open(archive);
    const prototype = Object.getPrototypeOf(handle) as typeof handle;
    await handle.close();
    const { chmod: real } = prototype;
    // As exFAT has it: accepted, and forgotten.
    prototype.chmod = async () => {};
    try {
      await expect(repair?.run()).rejects.toThrow(/0 of 1 were set.*keeps no modes/);
    } finally {
      prototype.chmod = real;
    }
  });
});

onPosix("files of another user", () => {
  test("are named, and left alone", async () => {
    const { home, find } = await newStore();
    const archive = await archiveFile(home, "archived");
    const { uid } = await lstat(archive);
    await chmod(archive, 0o644);
    // Asked as the user after this one, all of it belongs to somebody else.
    const findings = await find({}, { uid: () => uid + 1 });
    expect(findings.map(({ kind }) => kind)).toEqual(["other-owner"]);
    expect(findings[0]).toMatchObject({
      severity: "warning",
      message: expect.stringContaining("1 of them can be read"),
    });
    expect(findings[0]?.repair).toBeUndefined();
  });

  test.skipIf(process.getuid?.() !== 0)("are found among the owner's, also by an administrator", async () => {
    const { home, find } = await newStore();
    execFileSync("chown", ["-R", "1234:1234", home]);
    expect(await find()).toEqual([]);
    await chown(await archiveFile(home, "archived"), 0, 0);
    const { message } = only(await find(), "other-owner");
    expect(message).toContain(".jsonl.gz");
    expect(message).not.toContain("sessions.db");
  });
});
