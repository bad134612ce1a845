/** The mounted file systems, and on which of them a path lies. */

export interface Mount {
  /** The folder in which it is mounted. */
  readonly point: string;
  /** As the system calls it: `ext4`, `nfs4`, `fuse.sshfs`. */
  readonly type: string;
  /** What is mounted: a device, `server:/folder`, `//server/share`. */
  readonly source: string;
}

/** `/proc/self/mountinfo`: see proc_pid_mountinfo(5). */
export function mountsOfLinux(text: string): readonly Mount[] {
  return text.split("\n").flatMap((line) => {
    // Optional fields stand between the sixth field and the dash.
    const [before = "", after = ""] = line.split(" - ", 2);
    const point = before.split(" ")[4];
    const [type, source = ""] = after.split(" ");
    return point && type ? [{ point: decoded(point), type, source: decoded(source) }] : [];
  });
}

/** The system writes blanks, tabs, line ends and backslashes as `\040`. A name's bytes are UTF-8. */
function decoded(field: string): string {
  if (!field.includes("\\")) return field;
  const bytes = Buffer.from(field).toString("latin1");
  const plain = bytes.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
  return Buffer.from(plain, "latin1").toString();
}

/** What macOS's `mount` prints: `//me@server/share on /Volumes/share (smbfs, nodev, nosuid)`. */
export function mountsOfMac(text: string): readonly Mount[] {
  return text.split("\n").flatMap((line) => {
    const [, source, point, type] = /^(.*?) on (.*) \(([^,)]+)[^()]*\)$/.exec(line) ?? [];
    return source !== undefined && point !== undefined && type !== undefined ? [{ point, type, source }] : [];
  });
}

/** The file system of an absolute path without links: the longest mount point that leads to it; of equal ones the last. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const start = mount.point.endsWith("/") ? mount.point : `${mount.point}/`;
    if (!`${path}/`.startsWith(start)) continue;
    if (!found || mount.point.length >= found.point.length) found = mount;
  }
  return found;
}
