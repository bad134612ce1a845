/** The operations on agents' folders, with what a command has. */
import { type Files, type FolderHost, nodeFolderHost, type Place, whyNotFreed } from "@session-archiver/agent-folders";
import type { CommandContext } from "../command.js";
import { syncedBy } from "../doctor/synced.js";

export interface FolderHostOptions {
  /** Also frees where others may write to the files, and on systems where that was not tried. */
  readonly freesAnywhere?: boolean | undefined;
}

export function folderHost(
  { archiver, env, now }: Pick<CommandContext, "archiver" | "env" | "now">,
  files: Files,
  { freesAnywhere = false }: FolderHostOptions = {},
): FolderHost {
  const mayFree = async (place: Place): Promise<string | undefined> => {
    const why = freesAnywhere ? undefined : ((await whyNotFreed(place)) ?? (await whySynced(place, env)));
    return why && `${why}; --free-anywhere frees there as well`;
  };
  return nodeFolderHost({ archiver, files, env, now, mayFree });
}

/** A program that keeps the folder in step would take a freed file away from the other machines too. */
async function whySynced({ roots }: Place, env: CommandContext["env"]): Promise<string | undefined> {
  for (const { path } of roots) {
    const synced = await syncedBy(path, { env, platform: process.platform });
    if (synced) return `${synced.program} keeps "${synced.folder}" in step with other machines`;
  }
  return undefined;
}
