/** The files that a session is made of, where they lie. */
import type { Context } from "../context.js";
import type { OpOptions } from "../ports.js";
import { keptArchives } from "../session/archive-keys.js";
import { archivedFiles } from "../session/archived-file.js";
import { KEY, stringAt } from "../session/metadata.js";
import { takeSnapshot } from "../session/snapshot.js";

/** A file in the sink. */
export interface SinkFile {
  /** Sink key. */
  readonly key: string;
  /** What is there now; `null` if it is missing. */
  readonly bytes: number | null;
}

/** Sizes in bytes. */
export interface SessionFiles {
  /** Live blobs. */
  readonly live: readonly { readonly name: string; readonly bytes: number }[];
  /** What the archive holds, by the names that the blobs had; raw bytes and non-blank lines as they were committed. */
  readonly archive: readonly (SinkFile & {
    readonly name: string;
    readonly rawBytes: number;
    readonly lineCount: number;
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
  for (const { name, archiveKey, rawBytes, lines: lineCount } of archivedFiles(id, meta)) {
    archive.push({ name, ...(await there(archiveKey)), rawBytes, lineCount });
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
