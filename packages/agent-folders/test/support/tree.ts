/** A folder's whole content, to compare it before and after. */
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Every entry by its path: kind, mode, and the bytes of files. */
export async function treeOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const tree: Record<string, string> = {};
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    const stats = await lstat(join(folder, path));
    const mode = (stats.mode & 0o7777).toString(8);
    tree[path] = stats.isFile() ? `${mode} ${await readFile(join(folder, path), "latin1")}` : `${mode} folder`;
  }
  return tree;
}
