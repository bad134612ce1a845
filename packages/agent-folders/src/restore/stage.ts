/** Lays bytes down aside of their place, under a name that only this process knows and that says what they are. */
import { ArchiverError, type Bytes } from "@session-archiver/core";
import type { HeldPart } from "../claim/claim-types.js";
import { makeHeldFolder, newPart, removeEmptyFolders } from "../claim/held.js";
import type { NewFile } from "../files.js";
import { claimContext, type FolderHost } from "../host.js";
import type { Place, Root } from "../source.js";

/**
 * The new part, durable. Its name says that it may have been cut short: a later run drops it, since the archive has its
 * bytes.
 */
export async function stage(
  host: FolderHost,
  place: Place,
  root: Root,
  path: string,
  bytes: Bytes,
  file: NewFile,
): Promise<HeldPart> {
  const { files } = host;
  const at = { root: root.path, path };
  if (!(await makeHeldFolder(files, at))) {
    throw new ArchiverError(
      "CONFLICT",
      `In "${root.path}" something is in the way of the folder for what is held aside.`,
    );
  }
  const location = newPart(claimContext(host, place), at, "whole", []);
  try {
    await files.write(location, bytes, file);
  } catch (error) {
    // The archive has its bytes, and a full disk needs the room.
    await files.unlink(location).catch(() => false);
    await removeEmptyFolders(files, at);
    throw error;
  }
  const look = await files.look(location);
  if (!look) throw new ArchiverError("CONFLICT", `"${location}" was taken away: try again.`);
  return { ...at, location, at: host.now(), kind: "whole", look };
}

/** From here on, the part counts as the file that was taken from its place. */
export async function asOriginal(host: FolderHost, place: Place, part: HeldPart): Promise<HeldPart> {
  const location = newPart(claimContext(host, place), part, "original", [part]);
  await host.files.rename(part.location, location);
  const look = await host.files.look(location);
  return { ...part, location, kind: "original", look: look ?? part.look };
}

/** Takes away the part's name, and the folders that were made for it. */
export async function unstage({ files }: FolderHost, part: HeldPart): Promise<void> {
  await files.unlink(part.location);
  await removeEmptyFolders(files, part);
}
