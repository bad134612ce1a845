/** Everything that lies below a root, by looks alone: no file is opened, and no link is followed. */
import { hasCode, type OpOptions } from "@session-archiver/core";
import { HELD_FOLDER } from "../claim/place.js";
import type { FileLook, Files } from "../files.js";
import { inParallel, LOOKS_AT_ONCE } from "../parallel.js";
import type { LeftOut, Root } from "../source.js";
import { isDenied, isDeniedFolder } from "./deny-list.js";

export interface Walked {
  /** Ordinary files that have one name, by path. */
  readonly files: readonly WalkedFile[];
  /** Folders by path; not the root itself. */
  readonly folders: readonly WalkedFile[];
  /** By path. A folder that can't be listed stands for what is in it. */
  readonly leftOut: readonly LeftOut[];
}

export interface WalkedFile {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly look: FileLook;
}

/** A root that can't be listed is left out itself, as the path `""`. */
export async function walk(root: Root, files: Files, op: OpOptions): Promise<Walked> {
  const found: WalkedFile[] = [];
  const folders: WalkedFile[] = [];
  const leftOut: LeftOut[] = [];

  async function see(path: string): Promise<readonly string[]> {
    const leaveOut = (reason: LeftOut["reason"]): readonly string[] => {
      leftOut.push({ root: root.name, path, reason });
      return [];
    };
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name === HELD_FOLDER) return leaveOut("held aside");
    const look = await lookAt(files, `${root.path}/${path}`);
    if (look === "unreadable") return leaveOut("unreadable");
    // It is gone by now; or its name is not text, so that it can't be asked for.
    if (look === undefined) return name.includes("\uFFFD") ? leaveOut("unreadable") : [];
    if (look.kind === "link") return leaveOut("link");
    if (look.kind === "other") return leaveOut("not a session");
    if (look.kind === "file") {
      if (isDenied(path)) return leaveOut("denied");
      if (look.links > 1) return leaveOut("several names");
      found.push({ path, look });
      return [];
    }
    if (isDeniedFolder(name)) return leaveOut("denied");
    const names = await namesIn(files, `${root.path}/${path}`);
    if (names === undefined) return leaveOut("unreadable");
    folders.push({ path, look });
    return names.map((inner) => `${path}/${inner}`);
  }

  const top = await namesIn(files, root.path);
  if (top === undefined) leftOut.push({ root: root.name, path: "", reason: "unreadable" });
  let level = top ?? [];
  while (level.length > 0) level = (await inParallel(LOOKS_AT_ONCE, level, see, op)).flat();
  return { files: found.sort(byPath), folders: folders.sort(byPath), leftOut: leftOut.sort(byPath) };
}

/** Whether it is a root as a whole that can't be listed. */
export function isUnreadableRoot({ path, reason }: LeftOut): boolean {
  return path === "" && reason === "unreadable";
}

export const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
  a.path < b.path ? -1 : Number(a.path > b.path);

async function lookAt(files: Files, path: string): Promise<FileLook | "unreadable" | undefined> {
  try {
    return await files.look(path);
  } catch (error) {
    return unreadable(error);
  }
}

async function namesIn(files: Files, folder: string): Promise<readonly string[] | undefined> {
  try {
    return await files.list(folder);
  } catch (error) {
    unreadable(error);
    return undefined;
  }
}

/** What fails for one file is no reason to miss the others; being stopped is. */
function unreadable(error: unknown): "unreadable" {
  if (hasCode(error, "ABORTED")) throw error;
  return "unreadable";
}
