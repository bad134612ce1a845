/** Describes a found archive as a commit does; writes a new manifest where none is right. */
import type { Context } from "../../context.js";
import { keyTime, parseKey } from "../../format/keys.js";
import type { FileIndex, ManifestFile } from "../../format/manifest.js";
import { lastKey, partsOf } from "../../format/parts.js";
import type { Meta, OpOptions } from "../../ports.js";
import { type ArchivedFile, committedContent } from "../../session/archived-file.js";
import { KEY, OUTPUT, positiveAt, withKeys } from "../../session/metadata.js";
import type { ArchiveRecord } from "../../session/transitions/archived.js";
import { writeArchive } from "../archive/new-archive.js";
import { REBUILT } from "./align.js";
import type { Found, FoundManifest } from "./found.js";
import type { FoundFile } from "./open-found.js";

/** One file of the session, as it is and as a manifest tells of it. */
export interface Entry {
  readonly name: string;
  readonly index: FileIndex;
  readonly told: ManifestFile | undefined;
}

/** `at`: when it was archived, unix ms. `right`: a manifest that is right about all entries and has no others. */
export async function recordOf(
  ctx: Context,
  id: string,
  base: Meta,
  entries: readonly Entry[],
  right: FoundManifest | undefined,
  at: number,
  op: OpOptions,
): Promise<ArchiveRecord> {
  const files = entries.map(archivedFile);
  const output = entries.find(({ name }) => name === OUTPUT);
  if (right && output) {
    return {
      at,
      archiveKey: output.index.key,
      manifestKey: right.key,
      manifestBytes: right.bytes,
      manifestCrc32: right.crc32,
      files,
      count: { ...output.index, bytes: output.index.rawBytes },
    };
  }
  const meta = withKeys(base, { [KEY.archivedAt]: at });
  const snapshot = {
    object: { id, version: "", meta },
    files: files.map((file) => ({ kind: "archived", name: file.name, file }) as const),
    mended: new Map(entries.map(({ name, index }) => [name, index])),
  };
  const { record } = await writeArchive(ctx, snapshot, [], op);
  return { ...record, at };
}

function archivedFile({ name, index, told }: Entry): ArchivedFile {
  return {
    name,
    generation: told?.generation ?? REBUILT,
    liveBytes: told?.liveBytes ?? index.rawBytes,
    ...committedContent(index),
  };
}

/** When a session with this archive was archived. Older manifests don't say it if only they themselves were made anew. */
export function archivedAtOf({ manifest, key }: FoundManifest): number {
  const keyBase = parseKey(key)?.keyBase;
  const isAlone = manifest.files.every((file) => parseKey(lastKey(file))?.keyBase !== keyBase);
  const before = isAlone ? positiveAt(manifest.meta, KEY.archivedAt) : undefined;
  return manifest.archivedAt ?? before ?? manifest.createdAt;
}

/**
 * The session's sidecars, as the manifest names them. Without one, those that were put beside the output, under names
 * made up from their numbers: their own names stood in the manifest alone.
 */
export async function sidecarsOf(
  found: Found,
  told: FoundManifest | undefined,
  output: FoundFile,
  keys: readonly string[],
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const isTold = told?.manifest.files.some((file) => lastKey(file) === output.key) ?? false;
  for (const file of told?.manifest.files ?? []) {
    if (file.name === OUTPUT) continue;
    const sidecar = await found.upTo(lastKey(file));
    // One that is missing stays named, so that `verify` tells of it as before.
    if (sidecar || isTold) entries.push({ name: file.name, index: sidecar?.index ?? file, told: file });
  }
  if (isTold) return entries;
  const keyBases = partsOf(output.index).map(({ key }) => parseKey(key)?.keyBase);
  const beside = keys.filter((key) => parseKey(key)?.kind === "sidecar" && keyBases.includes(parseKey(key)?.keyBase));
  const byName = new Map<string, FileIndex>();
  for (const key of beside.toSorted((a, b) => (keyTime(a) ?? 0) - (keyTime(b) ?? 0))) {
    const sidecar = await found.upTo(key);
    if (sidecar) byName.set(`sidecar-${/\.(\d+)\.gz$/.exec(key)?.[1] ?? ""}`, sidecar.index);
  }
  return [...entries, ...[...byName].map(([name, index]) => ({ name, index, told: undefined }))];
}
