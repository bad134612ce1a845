/** Bytes of disk, as `du -B1` counts them. */
import { hasCode } from "@session-archiver/core";
import type { FileLook, Files } from "./files.js";

/**
 * Folders included, each file once however many names it has. Links are not followed. 0 for what is not there. What can't
 * be looked at or listed counts by what can be seen of it: the same before and after.
 */
export async function diskBytesOf(files: Files, paths: readonly string[]): Promise<number> {
  const seen = new Set<string>();
  let bytes = 0;
  const pending = [...paths];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const look = await seenOf<FileLook | undefined>(files.look(path), undefined);
    if (!look || seen.has(look.identity)) continue;
    seen.add(look.identity);
    bytes += look.diskBytes;
    if (look.kind !== "folder") continue;
    for (const name of await seenOf<readonly string[]>(files.list(path), [])) pending.push(`${path}/${name}`);
  }
  return bytes;
}

async function seenOf<Seen>(look: Promise<Seen>, nothing: Seen): Promise<Seen> {
  try {
    return await look;
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    return nothing;
  }
}
