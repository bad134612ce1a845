/**
 * Shows an archive file with an inline manifest as the two objects that it stands for: the file as it would be without, and the manifest
 * under a key of its own. So nothing else has to know of it. See ADR 0063.
 */
import { concat } from "../bytes.js";
import type { ArchiveInfo, ArchiveSink, ByteRange, Bytes, OpOptions } from "../ports.js";
import { hasManifest, headerBytes, TEXT_AT, UNSTORED } from "./gzip/extra-field.js";
import { HEADER } from "./gzip/frame.js";
import { manifestKey, outputKey, parseKey, quarantinedKey, quarantineKey } from "./keys.js";

/**
 * A view of the sink. To delete the manifest does nothing: it goes with its archive. To put an archive takes the whole
 * file, manifest included.
 */
export function manifestsApart(sink: ArchiveSink): ArchiveSink {
  const { diskBytes } = sink;
  return {
    put: (key, body, op) => sink.put(key, body, op),
    async stat(key, op) {
      const inline = inlineOf(key);
      const info = await sink.stat(inline?.archive ?? key, op);
      return info && inline ? { ...info, key, size: sizeOf(inline, key, info) } : info;
    },
    read(key, range, op) {
      const inline = inlineOf(key);
      if (!inline) return sink.read(key, range, op);
      return inline.archive === key ? readArchive(sink, inline, range, op) : readManifest(sink, inline, range, op);
    },
    async delete(key, op) {
      if (isStored(key)) await sink.delete(key, op);
    },
    async *list(prefix, op) {
      for await (const info of sink.list(prefix, op)) {
        for (const shown of shownAs(info)) if (shown.key.startsWith(prefix ?? "")) yield shown;
      }
    },
    ...(diskBytes && {
      diskBytes: async (key: string, op?: OpOptions) => (isStored(key) ? diskBytes.call(sink, key, op) : 0),
    }),
  };
}

/** An archive file with an inline manifest. */
interface Inline {
  /** Key of the file. */
  readonly archive: string;
  /** Key under which the manifest is shown. */
  readonly manifest: string;
  readonly manifestBytes: number;
}

/** By either key; `undefined` for every other one. */
function inlineOf(key: string): Inline | undefined {
  if (!key.includes(".manifest-")) return undefined; // true of most keys, and saves looking closely
  const before = quarantinedKey(key);
  const { keyBase, manifestBytes } = parseKey(before ?? key) ?? {};
  if (keyBase === undefined || manifestBytes === undefined) return undefined;
  const [archive, manifest] = [outputKey(keyBase), manifestKey(keyBase)];
  if (before === undefined) return { archive, manifest, manifestBytes };
  const [kept, shown] = [quarantineKey(archive), quarantineKey(manifest)];
  return kept !== undefined && shown !== undefined ? { archive: kept, manifest: shown, manifestBytes } : undefined;
}

/** Whether the sink can have an object under the key: it has none under that of an inline manifest. */
function isStored(key: string): boolean {
  return (inlineOf(key)?.archive ?? key) === key;
}

/** The object as the view lists it: as two, if it is an archive file with an inline manifest. */
export function shownAs(info: ArchiveInfo): readonly ArchiveInfo[] {
  const inline = inlineOf(info.key);
  if (!inline) return [info];
  if (!isStored(info.key)) return [];
  return [inline.archive, inline.manifest].map((key) => ({ ...info, key, size: sizeOf(inline, key, info) }));
}

/** Size of the manifest that is inline in an archive file with this key; 0 if it has none. */
export function inlineBytesOf(key: string): number {
  const inline = inlineOf(key);
  return inline?.archive === key ? inline.manifestBytes : 0;
}

/** A view of the sink that shows one object as an archive file with a manifest of this size, whatever its key says. */
export function shownWith(sink: ArchiveSink, key: string, manifestBytes: number): ArchiveSink {
  const archive = { archive: key, manifest: key, manifestBytes };
  return {
    ...manifestsApart(sink),
    read: (_, range, op) => (manifestBytes > 0 ? readArchive(sink, archive, range, op) : sink.read(key, range, op)),
  };
}

/** The keys, and with that of an archive file the one of its inline manifest. */
export function withManifests(keys: readonly string[]): readonly string[] {
  return keys.flatMap((key) => {
    const inline = inlineOf(key);
    return inline?.archive === key ? [key, inline.manifest] : [key];
  });
}

function sizeOf({ archive, manifestBytes }: Inline, key: string, { size }: ArchiveInfo): number {
  return key === archive ? Math.max(0, size - manifestBytes) : manifestBytes;
}

async function* readManifest(
  sink: ArchiveSink,
  { archive, manifestBytes }: Inline,
  { start, end = manifestBytes }: ByteRange = { start: 0 },
  op: OpOptions | undefined,
): Bytes {
  const stored = manifestBytes - UNSTORED.length;
  const at = (place: number): number => TEXT_AT + Math.min(place, stored);
  yield* sink.read(archive, { start: at(start), end: at(end) }, op);
  if (end > stored) yield UNSTORED.slice(Math.max(0, start - stored), end - stored);
}

async function* readArchive(
  sink: ArchiveSink,
  { archive, manifestBytes }: Inline,
  { start, end = Number.MAX_SAFE_INTEGER }: ByteRange = { start: 0 },
  op: OpOptions | undefined,
): Bytes {
  const moved = (place: number): number => Math.min(place + manifestBytes, Number.MAX_SAFE_INTEGER);
  if (start >= HEADER.length) {
    yield* sink.read(archive, { start: moved(start), end: moved(end) }, op);
    return;
  }
  const size = headerBytes(manifestBytes);
  /** The bytes read until the header is complete; `undefined` then. */
  let head: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of sink.read(archive, { start: 0, end: Math.max(moved(end), size) }, op)) {
    if (!head) {
      yield chunk;
      continue;
    }
    head = concat([head, chunk]);
    if (head.length < size) continue;
    const header = hasManifest(head, manifestBytes) ? HEADER : NO_HEADER;
    yield concat([header, head.subarray(size)]).subarray(start, end);
    head = undefined;
  }
  if (head) yield NO_HEADER.slice(start, end); // torn
}

/** Instead of a header that is not that of a file with this manifest: no reader takes it for one. */
const NO_HEADER: Uint8Array = new Uint8Array(HEADER.length);
