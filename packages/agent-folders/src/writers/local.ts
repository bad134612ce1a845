/** Which file systems can be written to from this machine alone. */

/** Numbers of statfs(2). Others, known and unknown, may be shared with other machines, or with the host of this one. */
const LOCAL: ReadonlyMap<number, string> = new Map([
  [0xef53, "ext2, ext3, ext4"],
  [0x58465342, "XFS"],
  [0x9123683e, "Btrfs"],
  [0x2fc12fc1, "ZFS"],
  [0xf2f52010, "F2FS"],
  [0xca451a4e, "bcachefs"],
  [0x01021994, "tmpfs"],
]);

export function isLocal(type: number): boolean {
  return LOCAL.has(type >>> 0);
}
