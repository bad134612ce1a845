/** Puts a new archive into the sink, which no object names yet: its changed files, then the manifest. */
import { attempt, type Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import { withCrc32 } from "../../format/crc32.js";
import { type Followed, manifestKey, outputKey, sidecarKey } from "../../format/keys.js";
import type { FileIndex, Manifest, ManifestFile } from "../../format/manifest.js";
import { encodeManifest } from "../../format/manifest-encode.js";
import { type Facts, liftOrigin } from "../../format/origin.js";
import type { Bytes, OpOptions } from "../../ports.js";
import { indexIn, openArchive, readManifest } from "../../read/archive-index.js";
import { type ArchivedFile, committedContent } from "../../session/archived-file.js";
import { type FileState, sizesOf } from "../../session/file-state.js";
import { KEY, OUTPUT, positiveAt, withKeys } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import { type ArchiveRecord, withFacts, withProven } from "../../session/transitions/archived.js";
import type { Indexes } from "./mend-times.js";
import { writeFile } from "./write-file.js";

export interface NewArchive {
  readonly record: ArchiveRecord;
  /** The keys of the objects that were put into the sink. */
  readonly keys: readonly string[];
  /** Deletes these objects again. */
  remove(): Promise<void>;
}

export interface ToArchive extends Snapshot {
  /** Indexes to use instead of the manifest's for archived files. */
  readonly mended: Indexes;
  /** Facts to use instead of those in the metadata. */
  readonly facts?: Facts | undefined;
  /** How many of the first bytes have been compared with the session's source. */
  readonly provenBytes?: number | undefined;
  /** The raw bytes of the whole archived output, to archive it anew; live bytes stay as they are. */
  readonly output?: Bytes | undefined;
  /** The same for any file, by its name. */
  readonly bodies?: ReadonlyMap<string, Bytes> | undefined;
  /** Merges all parts of the changed files. */
  readonly repack?: boolean | undefined;
}

/**
 * Unchanged files stay where they are, under their old keys; if no file has changed, only a manifest is made. If it
 * fails, it leaves nothing behind.
 */
export async function writeArchive(
  ctx: Context,
  keyBase: string,
  snapshot: ToArchive,
  changed: readonly FileState[],
  op: OpOptions,
): Promise<NewArchive> {
  const { mended, facts, provenBytes, output: whole, bodies, repack } = snapshot;
  const { id, meta } = snapshot.object;
  const keys: string[] = [];
  const remove = async (): Promise<void> => {
    for (const key of keys) await attempt(ctx, id, () => ctx.archives.delete(key));
  };
  const totalBytes = changed.reduce((sum, state) => sum + sizesOf(state).live, 0);
  let bytes = 0;
  const progress = (raw: number): void => {
    bytes += raw;
    ctx.emit({ type: "progress", operation: "archive", id, bytes, totalBytes });
  };
  try {
    const entries: { file: ArchivedFile; index: FileIndex }[] = [];
    for (const state of snapshot.files) {
      if (changed.includes(state)) {
        const keyOf = (follows?: Followed): string => {
          const isOutput = state.name === OUTPUT;
          const key = isOutput ? outputKey(keyBase, follows) : sidecarKey(keyBase, entries.length + 1, follows);
          keys.push(key);
          return key;
        };
        const body = bodies?.get(state.name) ?? whole;
        const source = { id, meta, state, base: mended.get(state.name), body, repack };
        const index = await writeFile(ctx, keyOf, source, progress, op);
        const isMended = body !== undefined || !("blob" in state);
        entries.push({ file: isMended ? mendedFile(state, index) : archivedFile(state, index), index });
      } else if ("file" in state && state.file) {
        const index = mended.get(state.name) ?? (await openArchive(ctx, id, meta, state.file, op));
        entries.push({ file: state.file, index });
      }
    }
    const now = ctx.now();
    // A new manifest alone, or a file made anew, doesn't make the archive younger.
    const isNew = changed.some((state) => "blob" in state) && !whole && !bodies;
    const at = (isNew ? undefined : positiveAt(meta, KEY.archivedAt)) ?? now;
    const manifest = manifestKey(keyBase);
    keys.push(manifest);
    const store = await ctx.notes.id(op);
    const text = withCrc32(
      encodeManifest(
        manifestOf({ id, meta: withProven(withFacts(meta, facts), provenBytes), store, createdAt: now, at }, entries),
      ),
    );
    const info = await ctx.archives.put(manifest, text.bytes, op);
    const output = entries.find(({ file }) => file.name === OUTPUT);
    if (!output) throw new ArchiverError("INVALID_ARGUMENT", `Session "${id}" has no output to archive.`, { id });
    const record: ArchiveRecord = {
      at,
      archiveKey: output.file.archiveKey,
      manifestKey: manifest,
      manifestBytes: info.size,
      manifestCrc32: text.crc32(),
      files: entries.map(({ file }) => file),
      count: { ...output.index, bytes: output.index.rawBytes },
      facts,
      provenBytes,
    };
    await readBackManifest(ctx, id, record, op);
    return { record, keys, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function manifestOf(
  session: Pick<Manifest, "id" | "meta" | "store" | "createdAt"> & { readonly at: number },
  entries: readonly { readonly file: ArchivedFile; readonly index: FileIndex }[],
): Manifest {
  const { source, facts, rest, member } = liftOrigin(session.meta);
  const { id, createdAt, at, store } = session;
  const files = entries.map(({ file: { name, generation, liveBytes }, index }): ManifestFile => {
    return { name, generation, liveBytes, ...member(name), ...index };
  });
  // A new catalogue takes nothing as given up, and these may be more than all the rest.
  const meta = withKeys(rest, { [KEY.givenUp]: null, [KEY.condemned]: null });
  return { format: 2, id, createdAt, archivedAt: at, store, source, facts, meta, files };
}

function archivedFile(state: FileState, index: FileIndex): ArchivedFile {
  const blob = "blob" in state ? state.blob : undefined;
  return {
    name: state.name,
    generation: blob?.generation ?? "",
    liveBytes: blob?.size ?? 0,
    ...committedContent(index),
  };
}

/** Keeps the record of the live blob that the file was made from, and of the bytes that it has to hold. */
function mendedFile(state: FileState, index: FileIndex): ArchivedFile {
  const { parts: _, ...file } = (state as Extract<FileState, { kind: "archived" }>).file;
  const { archiveKey, archiveBytes, lines, parts } = committedContent(index);
  return { ...file, archiveKey, archiveBytes, lines, ...(parts && { parts }) };
}

async function readBackManifest(ctx: Context, id: string, record: ArchiveRecord, op: OpOptions): Promise<void> {
  const { manifestKey: key, manifestCrc32 } = record;
  const manifest = await readManifest(ctx, id, { [KEY.manifestKey]: key, [KEY.manifestCrc32]: manifestCrc32 }, op);
  for (const file of record.files) indexIn(manifest, id, file);
}
