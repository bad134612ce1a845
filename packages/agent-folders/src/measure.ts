/** Bytes of disk, as `du -B1` counts them. */
import type { Files } from "./files.js";

/** Folders included, each file once however many names it has. Links are not followed. 0 for what is not there. */
export async function diskBytesOf(files: Files, paths: readonly string[]): Promise<number> {
  const seen = new Set<string>();
  let bytes = 0;
  const pending = [...paths];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const look = await files.look(path);
    if (!look || seen.has(look.identity)) continue;
    seen.add(look.identity);
    bytes += look.diskBytes;
    if (look.kind === "folder") for (const name of await files.list(path)) pending.push(`${path}/${name}`);
  }
  return bytes;
}
