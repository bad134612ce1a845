/** What an import writes into the metadata when it replaces the output: first its intent, then its commit. Pure. */
import { factsIn, sourceIn } from "../../format/origin.js";
import type { Json, Meta } from "../../ports.js";
import { type ArchivedFile, archivedFiles } from "../archived-file.js";
import { KEY, OUTPUT, withKeys } from "../metadata.js";
import { isArchived } from "../state.js";
import { asLive, asRestoring } from "./restored.js";

/**
 * The intent of an import to replace the output, archived or purged: the generation of the blob with the new one, and those of
 * the sidecars, which are brought back as by a restore.
 */
export function asReplacing(meta: Meta, files: readonly ArchivedFile[], at: number, newGeneration: () => string): Meta {
  const replacing = { at, generation: newGeneration() };
  if (!isArchived(meta)) return withKeys(meta, { [KEY.settlingAt]: at, [KEY.replacing]: replacing });
  const sidecars = files.filter(({ name }) => name !== OUTPUT);
  const noted = asRestoring(meta, sidecars, { at, keepArchive: false, newGeneration });
  const marked = new Map(
    (noted[KEY.archiveFiles] as unknown as readonly ArchivedFile[]).map((file) => [file.name, file]),
  );
  const all = files.map((file) => marked.get(file.name) ?? file);
  return withKeys(noted, { [KEY.archiveFiles]: all as unknown as Json, [KEY.replacing]: replacing });
}

/** The same taken back: the blob, if there is one, belongs to nobody. Sidecars that are live again stay so. */
export function asNotReplacing(meta: Meta): Meta {
  if (meta[KEY.replacing] === undefined) return meta;
  return withKeys(meta, { [KEY.replacing]: null, ...(!isArchived(meta) && { [KEY.settlingAt]: null }) });
}

/** The commit of a replacement: the blob is the output, and what it takes the place of is kept as a version. */
export function asReplaced(id: string, meta: Meta, now: number): Meta {
  const live = asLive(id, withKeys(meta, { [KEY.keepArchive]: true }), now);
  const output = archivedFiles(id, meta).find(({ name }) => name === OUTPUT);
  const { path, bytes, storedBytes, crc32, lines } = output ?? {};
  const kept = withKeys(
    {},
    {
      ...{ replacedAt: now, path, manifest: meta[KEY.archiveManifest], manifestCrc32: meta[KEY.manifestCrc32] },
      ...{ bytes, storedBytes, crc32, lines },
    },
  );
  const before = meta[KEY.versions];
  return withKeys(withoutCounts(live), {
    [KEY.versions]: [...(Array.isArray(before) ? before : []), kept],
    [KEY.restoredAt]: null,
  });
}

/** Without what was noted, counted, taken on trust and extracted of an output that is not there any more; what facts say stays, until it is said anew. */
export function withoutCounts(meta: Meta): Meta {
  const facts = factsIn(meta[KEY.facts]);
  const source = sourceIn(meta[KEY.source]);
  return withKeys(meta, {
    ...(source && { [KEY.source]: withKeys(source, { version: null, size: null }) }),
    ...(facts && { [KEY.facts]: withKeys(facts as unknown as Meta, { bytes: null }) }),
    [KEY.countedTo]: null,
    [KEY.lineCount]: null,
    [KEY.unproven]: null,
  });
}
