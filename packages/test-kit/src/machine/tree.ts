/** Everything below a folder, to see whether it was changed. */
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Paths with kind and mode; of files, also their bytes and when they were changed. */
export function treeOf(folder: string): Readonly<Record<string, string>> {
  const tree: Record<string, string> = { ".": descriptionOf(folder) };
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    tree[path] = descriptionOf(join(folder, path));
  }
  return tree;
}

function descriptionOf(path: string): string {
  const stats = lstatSync(path, { bigint: true });
  const mode = stats.mode.toString(8);
  // Files that come and go in a directory while it is read change its time.
  if (stats.isDirectory()) return mode;
  const content = stats.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : readlinkSync(path);
  return `${mode} ${stats.mtimeNs} ${content}`;
}
