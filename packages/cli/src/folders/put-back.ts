/** Puts sessions back where their agents read them, and says what people should know. */
import { nodeFiles, originalsIn, restoreUnit } from "@session-archiver/agent-folders";
import { ArchiverError, type SessionInfo } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import { named } from "../doctor/looker.js";
import { isConfirmed } from "./confirm.js";
import { folderHost } from "./host.js";

export interface PutBackOptions {
  readonly yes?: boolean | undefined;
}

export interface PutBack {
  readonly rawBytes: number;
  readonly files: readonly { readonly location: string }[];
  /** How many of them were not in their places. */
  readonly restoredFiles: number;
}

/** Whether the session was archived from files of an agent, so that there are places to put it back to. */
export function hasPlaces({ meta }: Pick<SessionInfo, "meta">): boolean {
  return originalsIn(meta) !== undefined;
}

/** `INVALID_ARGUMENT` if nobody said yes to places that this catalogue has not seen itself. */
export async function putBack(context: CommandContext, info: SessionInfo, { yes }: PutBackOptions): Promise<PutBack> {
  const originals = originalsIn(info.meta);
  const isRebuilt = originals?.rebuilt === true;
  if (isRebuilt && !yes) {
    const where = `${originals.home} (${originals.source})`;
    const paths = Object.values(originals.members).map(({ root, path }) => (root === "" ? path : `${root}/${path}`));
    const question = `The places of ${info.id} were found in an archive, and not seen by this catalogue: ${named(paths)} in ${where}. Put its files there?`;
    if (!(await isConfirmed(context, question))) {
      const message = `The places of session "${info.id}" were only found in an archive, below ${where}: to put its files there, add --yes; to bring it into live storage, --to-store.`;
      throw new ArchiverError("INVALID_ARGUMENT", message, { id: info.id });
    }
  }
  const host = folderHost(context, nodeFiles());
  const restored = await restoreUnit(host, info.id, { signal: context.signal, trustRebuilt: isRebuilt });
  for (const warning of restored.warnings) context.output.note(`note: ${info.id}: ${warning}`);
  return { rawBytes: info.rawBytes, files: restored.files, restoredFiles: restored.restoredFiles };
}
