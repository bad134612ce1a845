/** Where files of agents are archived, but not freed. */
import { statfs } from "node:fs/promises";
import type { Place } from "../source.js";

/** Numbers of statfs(2) for file systems that other machines may write to at the same time. */
const SHARED: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB"],
  [0x517b, "SMB"],
  [0x01021997, "9p"],
  [0x65735546, "FUSE"],
  [0x00c36400, "Ceph"],
  [0x5346414f, "AFS"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0x7461636f, "OCFS2"],
  [0x01161970, "GFS2"],
  [0x6b414653, "AFS"],
  [0x73757245, "Coda"],
  [0x564c, "NCP"],
  [0x19830326, "BeeGFS"],
  [0xaad7aaea, "PanFS"],
  [0xbacbacbc, "a folder shared with a virtual machine"],
  [0x7c7c6673, "a folder shared with a virtual machine"],
  [0x786f4256, "a folder shared with a virtual machine"],
]);

/** `undefined`: its files may be freed. */
export async function whyNotFreed({ roots }: Place, platform: string = process.platform): Promise<string | undefined> {
  if (platform !== "linux") return `freeing was tried on Linux only, and this is ${platform}`;
  for (const { path } of roots) {
    const shared = SHARED.get(Number((await statfs(path)).type) >>> 0);
    if (shared !== undefined) return `"${path}" lies on a file system that others may write to (${shared})`;
  }
  return undefined;
}
