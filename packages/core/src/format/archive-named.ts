/** Identifies archive files found outside a sink by the sink keys that they may have had. */
import { type Followed, isRecordKey, type ParsedKey, parseKey } from "./keys.js";
import { decodeManifest } from "./manifest-decode.js";

/** What a file from a sink is. */
export interface ArchiveName {
  /** record: of the store's runs. Every other kind belongs to the session `id`. */
  readonly kind: ParsedKey["kind"] | "record";
  /** The session that the file belongs to; `""` for a record. */
  readonly id: string;
  /** What it continues, if it is a later part of an archived file. */
  readonly follows?: Followed | undefined;
}

/**
 * What a file is that may have one of these sink keys, the likeliest first; `undefined` if it is not a file of this
 * library. `readManifest` returns the bytes of the manifest beside an archive. It is called only if the keys belong to
 * several sessions; if it fails, or the bytes are not such a manifest, the likeliest key decides.
 */
export async function archiveNamed(
  keys: readonly string[],
  readManifest: () => Promise<Uint8Array>,
): Promise<ArchiveName | undefined> {
  if (keys.some(isRecordKey)) return { kind: "record", id: "" };
  const parsed = keys.map(parseKey).filter((key) => key !== undefined);
  const [likeliest] = parsed;
  if (!likeliest) return undefined;
  const { kind, id, follows } = likeliest;
  const ids = new Set(parsed.map((key) => key.id));
  const isClear = kind === "manifest" || kind === "sidecar" || ids.size < 2;
  const told = isClear ? undefined : await idInManifest(readManifest);
  return { kind, id: told !== undefined && ids.has(told) ? told : id, ...(follows && { follows }) };
}

async function idInManifest(readManifest: () => Promise<Uint8Array>): Promise<string | undefined> {
  try {
    return decodeManifest(await readManifest(), "").id;
  } catch {
    return undefined; // missing or damaged
  }
}
