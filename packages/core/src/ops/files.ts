/** Lists the files that a session is made of, and where they are. */
import type { Context } from "../context.js";
import type { OpOptions } from "../ports.js";
import { keptArchives } from "../session/archive-keys.js";
import { archivedFiles, partsOfFile } from "../session/archived-file.js";
import { KEY, stringAt } from "../session/metadata.js";
import { takeSnapshot } from "../session/snapshot.js";

/** One object in the sink. */
export interface SinkFile {
  /** Sink key. */
  readonly key: string;
  /** Its present size; `null` if it is missing. */
  readonly bytes: number | null;
}

/** Sizes in bytes. */
export interface SessionFiles {
  /** Live blobs. */
  readonly live: readonly { readonly name: string; readonly bytes: number }[];
  /** The archived files, by the names of their blobs; raw bytes and non-blank lines as committed. */
  readonly archive: readonly (SinkFile & {
    readonly name: string;
    readonly rawBytes: number;
    readonly lineCount: number;
    /** The archive files that it lies in, if there are several: `key` is that of the first, `bytes` their sum. */
    readonly parts?: readonly SinkFile[];
  })[];
  readonly manifest: SinkFile | null;
  /** Older archives that restores were asked to keep. */
  readonly kept: readonly SinkFile[];
}

/** `NOT_FOUND` for an unknown session, `CORRUPT` for one whose metadata can't be understood. */
export async function sessionFiles(ctx: Context, id: string, op?: OpOptions): Promise<SessionFiles> {
  const { object, files } = await takeSnapshot(ctx, id, op);
  const { meta } = object;
  const there = async (key: string): Promise<SinkFile> => {
    return { key, bytes: (await ctx.archives.stat(key, op))?.size ?? null };
  };
  const archive: SessionFiles["archive"][number][] = [];
  for (const file of archivedFiles(id, meta)) {
    const { name, archiveKey: key, rawBytes, lines: lineCount } = file;
    const parts: SinkFile[] = [];
    for (const part of partsOfFile(file)) parts.push(await there(part.key));
    const bytes = parts.reduce<number | null>((sum, part) => plus(sum, part.bytes), 0);
    archive.push({ name, key, bytes, rawBytes, lineCount, ...(file.parts && { parts }) });
  }
  const manifest = stringAt(meta, KEY.manifestKey);
  const kept: SinkFile[] = [];
  for (const key of keptArchives(meta)) kept.push(await there(key));
  return {
    live: files.flatMap((state) => ("blob" in state ? [{ name: state.name, bytes: state.blob.size }] : [])),
    archive,
    manifest: manifest === undefined ? null : await there(manifest),
    kept,
  };
}

function plus(sum: number | null, bytes: number | null): number | null {
  return sum === null || bytes === null ? null : sum + bytes;
}
