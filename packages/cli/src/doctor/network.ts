/** Stores on file systems that several machines share. */
import { type FileSpec, isSameStore } from "../stores/spec.js";
import type { DoctorPlaces } from "./areas.js";
import type { Finding } from "./finding.js";
import { type Mount, mountOf } from "./mounts.js";
import { realPlace } from "./real-path.js";

/** Types of file systems whose files other machines, or the host of a virtual one, can open at the same time. */
const SHARED: readonly RegExp[] = [
  /^(?:nfs\d?|cifs|smb\d?|smbfs|smb2|ncpfs|afpfs|afs|coda|webdav|davfs\d?|ceph|lustre|beegfs|gpfs|orangefs|glusterfs)$/,
  /^(?:9p|drvfs|virtiofs|vboxsf|vmhgfs|prl_fs|gfs2|ocfs2)$/,
  /^(?:fuse|fusefs|osxfuse|macfuse|fuse-t)\.(?:sshfs|rclone|s3fs|goofys|gcsfuse|mount-s3|blobfuse2?|davfs2?|cephfs?|ceph-fuse|glusterfs|smbnetfs|curlftpfs|juicefs|vmhgfs-fuse|grpcfuse|gvfsd-fuse|onedriver|google-drive-ocamlfuse)$/,
];
/** Mounts of FUSE whose type doesn't say what they are, but whose source names a machine: `ada@server:/home`. */
const FUSE = /^(?:fuse|fuseblk|osxfuse|macfuse)$/;
const REMOTE_SOURCE = /^(?:[^/:]+@)?[^/:]+:|^\/\//;

const UNC = /^(?:\\\\\?\\UNC\\|\\\\(?![?.]\\))[^\\]+\\/i;

/** The type and source of the shared file system on which the path lies. */
export async function sharedFileSystem(
  path: string,
  { platform, probes }: Pick<DoctorPlaces, "platform" | "probes">,
): Promise<Pick<Mount, "type" | "source"> | undefined> {
  if (platform === "win32") {
    const windows = path.replaceAll("/", "\\");
    return UNC.test(windows) ? { type: "a network share", source: UNC.exec(windows)?.[0] ?? "" } : undefined;
  }
  const mount = mountOf(await realPlace(path), await probes.mounts());
  return mount && isShared(mount) ? mount : undefined;
}

export function isShared({ type, source }: Pick<Mount, "type" | "source">): boolean {
  return SHARED.some((types) => types.test(type)) || (FUSE.test(type) && REMOTE_SOURCE.test(source));
}

export async function* networkFindings(places: DoctorPlaces): AsyncGenerator<Finding> {
  const { store, sink } = places;
  const main = store && (await sharedFileSystem(store.path, places));
  if (store && main) yield store.kind === "sqlite" ? database(store, main) : plainFiles(store, main);
  if (!sink || (store && isSameStore(store, sink))) return;
  const isBelow = store?.kind === "fs" && sink.kind === "fs" && sink.path.startsWith(store.path);
  const archives = await sharedFileSystem(sink.path, places);
  if (!archives || (isBelow && main)) return;
  yield sink.kind === "sqlite" ? database(sink, archives) : archivesNote(sink, archives);
}

function found(spec: FileSpec, { type, source }: Pick<Mount, "type" | "source">): string {
  return `"${spec.path}" lies on a file system that several machines can use at once (${type}, ${source})`;
}

function database(spec: FileSpec, mount: Pick<Mount, "type" | "source">): Finding {
  return {
    kind: "network-file-system",
    severity: "warning",
    message: `The database ${found(spec, mount)}. SQLite's write-ahead log needs memory that all its processes share, and each machine has its own. Two machines would each read old pages without noticing, and damage the database when they write. File locks are often not kept there either.`,
    sessions: [],
    remedy:
      "keep the database on a disk of this machine: end all programs that use it, move the file with its -wal, then name the new place with --store sqlite:FILE, or move the whole home and set SESSION_ARCHIVER_HOME. The archives may stay: --archives fs:DIR",
  };
}

function plainFiles(spec: FileSpec, mount: Pick<Mount, "type" | "source">): Finding {
  return {
    kind: "network-file-system",
    severity: "warning",
    message: `The sessions' folder ${found(spec, mount)}. Its lock is a file lock of the operating system, made for the processes of one machine. Not every such file system passes it on to other machines, so two that write at once could undo each other's changes.`,
    sessions: [],
    remedy:
      "write to it from one machine only, or keep the sessions on a disk of this machine and only the archives there: --store fs:LOCAL --archives fs:DIR",
  };
}

function archivesNote(spec: FileSpec, mount: Pick<Mount, "type" | "source">): Finding {
  return {
    kind: "network-file-system",
    severity: "note",
    message: `The archives' folder ${found(spec, mount)}. That is fine: archives never change, and a name is given to a finished file in one step. Nothing can be archived or read while the other machine is away.`,
    sessions: [],
    remedy: null,
  };
}
