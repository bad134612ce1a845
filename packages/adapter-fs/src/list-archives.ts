/** Every archive below a directory of archives. Files that are not archives of this store are left alone. */
import type { Stats } from "node:fs";
import { join } from "node:path";
import type { ArchiveHead, ArchiveInfo } from "@session-archiver/core/adapter";
import { lstatOf } from "./files.js";
import { archiveKeyAt, archivePath, isArchivePath, mayHold, type Path } from "./layout.js";
import { shortenedHash } from "./names.js";
import { STAGING } from "./staging.js";
import type { StoreDirectory } from "./store-directory.js";
import { entriesOf, mapAhead } from "./walk.js";

export function archiveHead({ size, mtimeMs }: Stats): ArchiveHead {
  return { size, createdAt: Math.round(mtimeMs) };
}

/** Archives whose key starts with `prefix`, each once. */
export async function* listArchives({ tree, names }: StoreDirectory, prefix: string): AsyncGenerator<ArchiveInfo> {
  const root = (await tree.find([])) ?? "";

  async function* filesBelow(path: Path): AsyncGenerator<Path> {
    // The directory of another store: to this one its archives would look like files that no session needs.
    if (path.length > 0 && lstatOf(join(root, ...path, ...STAGING))) return;
    for await (const entry of entriesOf(join(root, ...path))) {
      const below = [...path, entry.name];
      if (entry.isFile()) yield below;
      else if (entry.isDirectory() && mayHold(below, prefix)) yield* filesBelow(below);
    }
  }

  async function infoAt(path: Path): Promise<ArchiveInfo | undefined> {
    const file = path.at(-1) ?? "";
    const key = shortenedHash(file) === undefined ? archiveKeyAt(path) : await names.recall(file);
    if (!key?.startsWith(prefix) || !isArchivePath(path, key)) return undefined;
    const first = archivePath(key);
    // A copy that somebody has made where an older build would have put it.
    if (first.length !== path.length && lstatOf(join(root, ...first))) return undefined;
    const stats = lstatOf(join(root, ...path));
    return stats?.isFile() ? { key, ...archiveHead(stats) } : undefined;
  }

  if (root === "") return;
  for await (const info of mapAhead(filesBelow([]), infoAt)) if (info) yield info;
}
