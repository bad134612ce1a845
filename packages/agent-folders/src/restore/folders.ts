/** Makes the folders that files are put back into. */
import { dirname } from "node:path";
import type { FolderHost } from "../host.js";
import type { Originals } from "../originals.js";
import { rootNamed } from "../paths.js";
import type { Place } from "../source.js";
import { checkedLocation, inTheWay } from "./check-place.js";
import { restoredFolderMode } from "./modes.js";
import type { WantedFile } from "./wanted.js";

/** Resolves to those that were not there before, deepest first. */
export async function makeFolders(
  host: FolderHost,
  place: Place,
  noted: Originals["folders"],
  missing: readonly WantedFile[],
): Promise<readonly string[]> {
  const { files } = host;
  const modes = new Map<string, number>();
  for (const { root, path, mode } of noted)
    modes.set(await checkedLocation(host, place, { root, path }, "folder"), mode);
  const made: string[] = [];
  const usual = new Map<string, number>();
  for (const { root } of [...noted, ...missing]) {
    const { path } = rootNamed(place, root);
    usual.set(path, (await files.look(path))?.mode ?? 0o700);
  }
  const rootOf = (folder: string): string => [...usual.keys()].find((root) => folder.startsWith(`${root}/`)) ?? "";
  const all = new Set([...modes.keys(), ...missing.map(({ location }) => dirname(location))]);
  for (const folder of [...all].flatMap((one) => chain(one, rootOf(one))).sort((a, b) => a.length - b.length)) {
    const look = await files.look(folder);
    if (look && look.kind !== "folder") throw inTheWay(folder, look);
    if (look) continue;
    await files.makeFolder(folder, restoredFolderMode(modes.get(folder) ?? usual.get(rootOf(folder)) ?? 0o700));
    await files.sync(dirname(folder));
    made.unshift(folder);
  }
  return made;
}

/** The folder and those above it, up to the root. */
function chain(folder: string, root: string): readonly string[] {
  const all: string[] = [];
  for (let at = folder; root !== "" && at.length > root.length; at = dirname(at)) all.push(at);
  return all;
}
