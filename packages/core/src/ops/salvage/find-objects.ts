/** Finds the sink objects that may hold what a damaged archive has lost, in one listing of the sink. */
import type { Context } from "../../context.js";
import { type ParsedKey, parseKey, quarantinedKey } from "../../format/keys.js";
import { endsAs } from "../../format/unless-damaged.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import { type ArchivedFile, partsOfFile } from "../../session/archived-file.js";

export interface Objects {
  /** Archive files of the session, also in quarantine. */
  readonly archives: readonly ArchiveInfo[];
  /** Its manifests, also in quarantine, and objects as large as the committed one, whatever their keys. */
  readonly manifests: readonly ArchiveInfo[];
  /** Objects of any key that have the size of one of the wanted files. */
  readonly sameSize: readonly ArchiveInfo[];
}

/** `manifestBytes`: size of the committed manifest if it is lost, since it may lie under another key. */
export async function findObjects(
  ctx: Context,
  id: string,
  files: readonly ArchivedFile[],
  manifestBytes: number | undefined,
  op: OpOptions,
): Promise<Objects> {
  const sizes = new Set(files.flatMap(partsOfFile).map(({ archiveBytes }) => archiveBytes));
  const archives: ArchiveInfo[] = [];
  const manifests: ArchiveInfo[] = [];
  const sameSize: ArchiveInfo[] = [];
  for await (const info of ctx.archives.list(undefined, op)) {
    const parsed = parseKey(quarantinedKey(info.key) ?? info.key);
    const kind = kindFor(id, parsed);
    if (kind === "manifest" || (info.size === manifestBytes && kind === undefined)) manifests.push(info);
    if (kind === "archive") archives.push(info);
    if (sizes.has(info.size)) sameSize.push(info);
  }
  return { archives, manifests, sameSize };
}

function kindFor(id: string, parsed: ParsedKey | undefined): "archive" | "manifest" | undefined {
  if (parsed?.id !== id || parsed.kind === "reserved") return undefined;
  return parsed.kind === "manifest" ? "manifest" : "archive";
}

/** Those of the objects that end as the file was committed: with its CRC and raw size. Reads ten bytes of each. */
export async function twinsOf(
  ctx: Context,
  file: ArchivedFile,
  { sameSize }: Objects,
  op: OpOptions,
): Promise<readonly ArchiveInfo[]> {
  const twins: ArchiveInfo[] = [];
  for (const info of sameSize) {
    if (
      info.size === file.archiveBytes &&
      info.key !== file.archiveKey &&
      (await endsAs(ctx.archives, info, file, op))
    ) {
      twins.push(info);
    }
  }
  return twins;
}
