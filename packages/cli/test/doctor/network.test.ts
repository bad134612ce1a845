/** `network-file-system`. No test can mount one, so the table of mounts is given. */
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mountOf, mountsOfLinux, mountsOfMac } from "../../src/doctor/mounts.js";
import { isShared } from "../../src/doctor/network.js";
import { realProbes } from "../../src/doctor/probes.js";
import { newStore, only } from "../support/doctor.js";

const LINUX = String.raw`22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:40 / /home/ada/my\040share rw master:3 propagate_from:2 - nfs4 server:/a\134b rw,vers=4.2
41 22 0:41 / /home/ada/gr\303\274n rw - fuse.sshfs ada@server:/home rw
42 22 0:42 / /home/ada/my rw - cifs //server/my rw
43 42 0:43 / /home/ada/my rw - tmpfs none rw
`;
const MAC = `/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
//ada@server/share on /Volumes/share (old) (smbfs, nodev, nosuid, mounted by ada)
`;

describe("the table of mounts", () => {
  test("of Linux, with what its notation stands for", () => {
    expect(mountsOfLinux(LINUX)).toEqual([
      { point: "/", type: "ext4", source: "/dev/vda" },
      { point: "/home/ada/my share", type: "nfs4", source: "server:/a\\b" },
      { point: "/home/ada/grün", type: "fuse.sshfs", source: "ada@server:/home" },
      { point: "/home/ada/my", type: "cifs", source: "//server/my" },
      { point: "/home/ada/my", type: "tmpfs", source: "none" },
    ]);
  });

  test("of macOS", () => {
    expect(mountsOfMac(MAC)).toContainEqual({
      point: "/Volumes/share (old)",
      type: "smbfs",
      source: "//ada@server/share",
    });
    expect(mountsOfMac(MAC)).toHaveLength(3);
  });

  test.skipIf(process.platform !== "linux")("of this machine has its root", async () => {
    const mounts = await realProbes().mounts();
    expect(mountOf("/", mounts)?.point).toBe("/");
  });

  test.each([
    ["/home/ada/my share/x.db", "nfs4"],
    ["/home/ada/my share", "nfs4"],
    ["/home/ada/my sharex/x.db", "ext4"],
    ["/home/ada/my/x.db", "tmpfs"],
    ["/home", "ext4"],
  ])("has for %s the longest, and of equal ones the last", (path, type) => {
    expect(mountOf(path, mountsOfLinux(LINUX))?.type).toBe(type);
  });
});

test.each([
  ["nfs4", "server:/a", true],
  ["cifs", "//server/a", true],
  ["smb3", "//server/a", true],
  ["smbfs", "//ada@server/a", true],
  ["afpfs", "//server/a", true],
  ["webdav", "https://server/", true],
  ["9p", "C:\\134", true],
  ["drvfs", "C:", true],
  ["vboxsf", "share", true],
  ["virtiofs", "share", true],
  ["fuse.sshfs", "ada@server:/", true],
  ["fuse.rclone", "remote:", true],
  ["macfuse", "ada@server:/home", true],
  ["ext4", "/dev/vda", false],
  ["apfs", "/dev/disk3s1", false],
  ["btrfs", "/dev/sda", false],
  ["zfs", "tank/home", false],
  ["overlay", "overlay", false],
  ["tmpfs", "none", false],
  ["fuseblk", "/dev/sdb1", false],
  ["fuse.gocryptfs", "/home/ada/cipher", false],
  ["ecryptfs", "/home/ada/.Private", false],
])("%s from %s: shared by machines is %s", (type, source, expected) => {
  expect(isShared({ type, source })).toBe(expected);
});

describe("what is said", () => {
  const nfs = (point: string) => async () => [
    { point: "/", type: "ext4", source: "/dev/vda" },
    { point, type: "nfs4", source: "server:/homes" },
  ];

  test("of a database: the risk, and the setting that is needed; its archives may stay", async () => {
    const { home, find } = await newStore();
    const findings = await find({}, { mounts: nfs(home) });
    expect(findings.map(({ kind, severity }) => `${severity} ${kind}`)).toEqual([
      "warning network-file-system",
      "note network-file-system",
    ]);
    expect(findings[0]?.message).toContain("nfs4, server:/homes");
    expect(findings[0]?.message).toContain("write-ahead log");
    expect(findings[0]?.remedy).toContain("--store sqlite:FILE");
    expect(findings[0]?.remedy).toContain("SESSION_ARCHIVER_HOME");
    expect(findings[1]?.remedy).toBeNull();
  });

  test("of the archives alone: a note", async () => {
    const { home, find } = await newStore();
    expect(await find({}, { mounts: nfs(join(home, "archives")) })).toMatchObject([{ severity: "note" }]);
  });

  test("of plain files: what the lock relies on", async () => {
    const { home, find } = await newStore("fs");
    const [finding, ...more] = await find({}, { mounts: nfs(home) });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: "warning", message: expect.stringContaining("lock") });
  });

  test("of a place that is reached through a link, or does not exist yet", async () => {
    const { cli, home, find } = await newStore();
    await symlink(home, join(cli.folder, "link"));
    const store = { kind: "sqlite", path: join(cli.folder, "link/sessions.db") } as const;
    expect(only((await find({ store }, { mounts: nfs(home) })).slice(0, 1), "network-file-system").severity).toBe(
      "warning",
    );
    const later = { kind: "sqlite", path: join(cli.folder, "link/a/b/sessions.db") } as const;
    expect((await find({ store: later }, { mounts: nfs(home) })).map(({ kind }) => kind)).toContain(
      "network-file-system",
    );
  });

  test.each([
    [String.raw`\\server\share\sessions.db`, true],
    [String.raw`\\?\UNC\server\share\sessions.db`, true],
    ["//server/share/sessions.db", true],
    [String.raw`\\wsl.localhost\Debian\home\sessions.db`, true],
    [String.raw`\\?\C:\sessions.db`, false],
    [String.raw`\\.\C:\sessions.db`, false],
    [String.raw`C:\sessions.db`, false],
  ])("on Windows of %s: %s", async (path, expected) => {
    const { find } = await newStore();
    const findings = await find({ platform: "win32", store: { kind: "sqlite", path } });
    expect(findings.some(({ kind }) => kind === "network-file-system")).toBe(expected);
  });
});
