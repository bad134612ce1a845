/** Every archive below a sink's directory. Files that are none of ours are left alone. */
import { join } from "node:path";
import type { ArchiveInfo } from "@session-archiver/core/adapter";
import type { Area } from "./area.js";
import { lstatOf } from "./files.js";
import { archiveKeyAt, archivePath, mayHold, type Path } from "./layout.js";
import { shortenedHash } from "./names.js";
import { STAGING } from "./staging.js";
import { entriesOf, mapAhead } from "./walk.js";

export async function* listArchives({ tree, names }: Area, prefix: string): AsyncGenerator<ArchiveInfo> {
  const root = (await tree.find([])) ?? "";

  async function* filesBelow(path: Path): AsyncGenerator<Path> {
    // Another store's directory: what it holds is not this sink's, and must not be taken for archives nobody needs.
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
    if (!key?.startsWith(prefix) || archivePath(key).join("/") !== path.join("/")) return undefined;
    const stats = lstatOf(join(root, ...path));
    return stats?.isFile() ? { key, size: stats.size, createdAt: Math.round(stats.mtimeMs) } : undefined;
  }

  if (root === "") return;
  for await (const info of mapAhead(filesBelow([]), infoAt)) if (info) yield info;
}
