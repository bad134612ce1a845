/** Puts a session of one short file into the sink as one object: the archive with its manifest inline. See ADR 0063. */
import { bytesOf, concat, toBytes } from "../../bytes.js";
import type { Context } from "../../context.js";
import { crc32 } from "../../format/crc32.js";
import { headerWith, MAX_INLINE_BYTES, UNSTORED } from "../../format/gzip/extra-field.js";
import { HEADER, SEGMENT_BYTES } from "../../format/gzip/frame.js";
import { hasRoomInKey, inlineKeyBase, manifestKey, outputKey } from "../../format/keys.js";
import type { FileIndex } from "../../format/manifest.js";
import { decodeManifest } from "../../format/manifest-decode.js";
import { encodeManifest } from "../../format/manifest-encode.js";
import { inflateSegment } from "../../format/reader.js";
import type { Meta, OpOptions } from "../../ports.js";
import { indexIn } from "../../read/archive-index.js";
import { type FileState, sizesOf } from "../../session/file-state.js";
import { OUTPUT } from "../../session/metadata.js";
import { newEntry, type Writing, type Written } from "./entries.js";
import { fileWriter, mismatch } from "./write-file.js";

/** With more metadata, the manifest is put beside the archive. */
const MOST_META_BYTES = 32 * 1024;

/** The only file, if all of it is new and short enough. `meta`: what the manifest will hold. */
export function fitTogether(
  { policy }: Context,
  id: string,
  meta: Meta,
  files: readonly FileState[],
  changed: readonly FileState[],
): FileState | undefined {
  const [only] = files;
  if (!only || files.length > 1 || !changed.includes(only) || only.name !== OUTPUT || !hasRoomInKey(id))
    return undefined;
  const { archived, live } = sizesOf(only);
  // An archive that is there is made anew only if it is small: else the new file is but a part.
  const most = Math.min(
    policy.inlineManifestBytes,
    archived > 0 ? policy.smallPartBytes : SEGMENT_BYTES,
    SEGMENT_BYTES,
  );
  if (archived + live >= most) return undefined;
  return new TextEncoder().encode(JSON.stringify(meta)).length <= MOST_META_BYTES ? only : undefined;
}

/** `CORRUPT` if the sink returns other bytes than were sent. */
export async function writeTogether(
  ctx: Context,
  id: string,
  state: FileState,
  writing: Writing,
  op: OpOptions,
): Promise<Written> {
  const source = writing.source(state);
  const { writer, index } = await fileWriter(ctx, () => outputKey(writing.keyBase), source, writing.onRaw, op);
  const archive = await toBytes(writer.bytes);
  const told = index(archive.length);
  const textWith = (key: string): Promise<Uint8Array> =>
    toBytes(encodeManifest(writing.manifest([newEntry(source, { ...told, key })])));
  // The key says how long the manifest is, and the manifest has the key: so it is as long as with the longest of keys.
  const longest = await textWith(outputKey(inlineKeyBase(writing.keyBase, MAX_INLINE_BYTES)));
  const manifest = new Uint8Array(longest.length + UNSTORED.length).fill(0x0a);
  const keyBase = inlineKeyBase(writing.keyBase, manifest.length);
  const key = outputKey(keyBase);
  manifest.set(await textWith(key));

  writing.onKey(key);
  const object = concat([headerWith(manifest), archive.subarray(HEADER.length)]);
  // Once it is handed over, the sink may do with the array what it likes.
  const sent = { bytes: object.length, crc32: crc32(object) };
  await ctx.sink.put(key, bytesOf(object), op);
  const entry = newEntry(source, { ...told, key });
  await readBack(ctx, sent, entry.index, manifest.length, op);
  indexIn(decodeManifest(manifest, key), id, entry.file);
  return { entries: [entry], manifest: { key: manifestKey(keyBase), bytes: manifest.length, crc32: crc32(manifest) } };
}

/** Compares the stored bytes with those sent, and inflates every segment. */
async function readBack(
  { sink, codec }: Context,
  sent: { readonly bytes: number; readonly crc32: number },
  { key, segments }: FileIndex,
  manifestBytes: number,
  op: OpOptions,
): Promise<void> {
  // One byte more shows that there is more.
  const stored = await toBytes(sink.read(key, { start: 0, end: sent.bytes + 1 }, op));
  if (stored.length !== sent.bytes || crc32(stored) !== sent.crc32) {
    throw mismatch(key, "came back with other bytes than were sent");
  }
  for (const segment of segments) {
    const start = manifestBytes + segment.archiveOffset;
    await inflateSegment(codec, key, segment, stored.slice(start, start + segment.archiveSize));
  }
}
