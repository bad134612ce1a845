/** Tells archive files that lie somewhere by the sink keys that they may have had. */
import { isRecordKey, type ParsedKey, parseKey } from "./keys.js";
import { decodeManifest } from "./manifest-decode.js";

/** What a file in a sink is. */
export interface ArchiveName {
  /** record: of runs of the store. Everything else belongs to the session `id`. */
  readonly kind: ParsedKey["kind"] | "record";
  /** The session that it was made of; `""` of a record. */
  readonly id: string;
}

/**
 * What a file is that may have one of these sink keys, the likeliest first; `undefined` if it can be none of ours.
 * `readManifest` gives the bytes of the manifest beside an archive. It is asked only where the keys are of several sessions;
 * if it fails, or they are no such manifest, the likeliest key has to do.
 */
export async function archiveNamed(
  keys: readonly string[],
  readManifest: () => Promise<Uint8Array>,
): Promise<ArchiveName | undefined> {
  if (keys.some(isRecordKey)) return { kind: "record", id: "" };
  const parsed = keys.map(parseKey).filter((key) => key !== undefined);
  const [likeliest] = parsed;
  if (!likeliest) return undefined;
  const { kind, id } = likeliest;
  const ids = new Set(parsed.map((key) => key.id));
  const isClear = kind === "manifest" || kind === "sidecar" || ids.size < 2;
  const told = isClear ? undefined : await idInManifest(readManifest);
  return { kind, id: told !== undefined && ids.has(told) ? told : id };
}

async function idInManifest(readManifest: () => Promise<Uint8Array>): Promise<string | undefined> {
  try {
    return decodeManifest(await readManifest(), "").id;
  } catch {
    return undefined; // gone or damaged
  }
}
