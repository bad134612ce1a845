/** Puts each changed file of a session into the sink as an object of its own, and the manifest as another. */
import type { Context } from "../../context.js";
import { withCrc32 } from "../../format/crc32.js";
import { type Followed, manifestKey, outputKey, sidecarKey } from "../../format/keys.js";
import { encodeManifest } from "../../format/manifest-encode.js";
import type { OpOptions, StoredObject } from "../../ports.js";
import { indexIn, openArchive, readManifest } from "../../read/archive-index.js";
import type { FileState } from "../../session/file-state.js";
import { KEY, OUTPUT } from "../../session/metadata.js";
import { type Entry, newEntry, type StoredManifest, type Writing, type Written } from "./entries.js";
import type { Indexes } from "./mend-times.js";
import { writeFile } from "./write-file.js";

/**
 * Unchanged files stay where they are, under their old keys. `mended`: indexes to use instead of the manifest's for
 * archived files.
 */
export async function writeApart(
  ctx: Context,
  { id, meta }: Pick<StoredObject, "id" | "meta">,
  files: readonly FileState[],
  changed: readonly FileState[],
  mended: Indexes,
  writing: Writing,
  op: OpOptions,
): Promise<Written> {
  const entries: Entry[] = [];
  for (const state of files) {
    if (changed.includes(state)) {
      const keyOf = (follows?: Followed): string => {
        const number = entries.length + 1;
        const isOutput = state.name === OUTPUT;
        const key = isOutput ? outputKey(writing.keyBase, follows) : sidecarKey(writing.keyBase, number, follows);
        writing.onKey(key);
        return key;
      };
      const source = writing.source(state);
      entries.push(newEntry(source, await writeFile(ctx, keyOf, source, writing.onRaw, op)));
    } else if ("file" in state && state.file) {
      const index = mended.get(state.name) ?? (await openArchive(ctx, id, meta, state.file, op));
      entries.push({ file: state.file, index });
    }
  }
  const key = manifestKey(writing.keyBase);
  writing.onKey(key);
  const text = withCrc32(encodeManifest(writing.manifest(entries)));
  const { size } = await ctx.archives.put(key, text.bytes, op);
  const manifest = { key, bytes: size, crc32: text.crc32() };
  await readBackManifest(ctx, id, manifest, entries, op);
  return { entries, manifest };
}

async function readBackManifest(
  ctx: Context,
  id: string,
  { key, crc32 }: StoredManifest,
  entries: readonly Entry[],
  op: OpOptions,
): Promise<void> {
  const manifest = await readManifest(ctx, id, { [KEY.manifestKey]: key, [KEY.manifestCrc32]: crc32 }, op);
  for (const { file } of entries) indexIn(manifest, id, file);
}
