/** Finds the sink objects that may hold what a damaged archive has lost, in one listing of the sink. */
import type { Context } from "../../context.js";
import { inlineBytesOf, shownAs, shownWith } from "../../format/inline-manifest.js";
import { type ParsedKey, parseKey, quarantinedKey } from "../../format/keys.js";
import type { PlacedPart } from "../../format/parts.js";
import { endsAs } from "../../format/unless-damaged.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import { type ArchivedFile, partsOfFile } from "../../session/archived-file.js";

export interface Objects {
  /** Archive files of the session, also in quarantine. */
  readonly archives: readonly ArchiveInfo[];
  /** Its manifests, also in quarantine, and objects as large as the committed one, whatever their keys. */
  readonly manifests: readonly ArchiveInfo[];
  /** Objects of any key that have the size of one of the wanted files. */
  readonly sameSize: readonly Candidate[];
}

/** An object that may be an archive file. `ctx` shows it as that, also if its key says otherwise of its manifest. */
export interface Candidate {
  readonly info: ArchiveInfo;
  readonly ctx: Context;
}

/** `manifestBytes`: size of the committed manifest if it is lost, since it may lie under another key. */
export async function findObjects(
  ctx: Context,
  id: string,
  files: readonly ArchivedFile[],
  manifestBytes: number | undefined,
  op: OpOptions,
): Promise<Objects> {
  const parts = files.flatMap(partsOfFile);
  const sizes = new Set(parts.map(({ archiveBytes }) => archiveBytes));
  const archives: ArchiveInfo[] = [];
  const manifests: ArchiveInfo[] = [];
  const sameSize: Candidate[] = [];
  /** Looked at after those whose keys are right. */
  const misplacedOnes: Candidate[] = [];
  for await (const stored of ctx.sink.list(undefined, op)) {
    for (const info of shownAs(stored)) {
      const parsed = parseKey(quarantinedKey(info.key) ?? info.key);
      const kind = kindFor(id, parsed);
      if (kind === "manifest" || (info.size === manifestBytes && kind === undefined)) manifests.push(info);
      if (kind === "archive") archives.push(info);
      if (sizes.has(info.size)) sameSize.push({ info, ctx });
    }
    misplacedOnes.push(...misplaced(ctx, stored, parts));
  }
  return { archives, manifests, sameSize: [...sameSize, ...misplacedOnes] };
}

/** As which of the files an object could be read whose key says of its inline manifest what is not true of that file. */
function misplaced(ctx: Context, info: ArchiveInfo, parts: readonly PlacedPart[]): readonly Candidate[] {
  const told = inlineBytesOf(info.key);
  return parts.flatMap(({ key, archiveBytes: size }) => {
    const manifestBytes = inlineBytesOf(key);
    if (manifestBytes === told || info.size !== size + manifestBytes) return [];
    return [{ info: { ...info, size }, ctx: { ...ctx, archives: shownWith(ctx.sink, info.key, manifestBytes) } }];
  });
}

function kindFor(id: string, parsed: ParsedKey | undefined): "archive" | "manifest" | undefined {
  if (parsed?.id !== id || parsed.kind === "reserved") return undefined;
  return parsed.kind === "manifest" ? "manifest" : "archive";
}

/** Those of the objects that end as the file was committed: with its CRC and raw size. Reads ten bytes of each. */
export async function twinsOf(file: ArchivedFile, { sameSize }: Objects, op: OpOptions): Promise<readonly Candidate[]> {
  const twins: Candidate[] = [];
  for (const candidate of sameSize) {
    const { info, ctx } = candidate;
    const isOther = info.size === file.archiveBytes && info.key !== file.archiveKey;
    if (isOther && (await endsAs(ctx.archives, info, file, op))) twins.push(candidate);
  }
  return twins;
}
