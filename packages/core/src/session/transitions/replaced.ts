/** What an import writes into the metadata when it replaces the output: first its intent, then its commit. Pure. */
import { factsIn, sourceIn } from "../../format/origin.js";
import type { Meta } from "../../ports.js";
import { type ArchivedFile, archivedFiles, storedFiles } from "../archived-file.js";
import { KEY, OUTPUT, withKeys } from "../metadata.js";
import { isArchived } from "../state.js";
import { asLive, withRestoring } from "./restored.js";

/**
 * The intent of an import to replace the output, archived or purged: the generation of the blob with the new one, and those of
 * the sidecars, which are brought back as by a restore.
 */
export function asReplacing(meta: Meta, files: readonly ArchivedFile[], at: number, newGeneration: () => string): Meta {
  const replacing = { at, generation: newGeneration() };
  if (!isArchived(meta)) return withKeys(meta, { [KEY.settlingAt]: at, [KEY.replacing]: replacing });
  const noted = files.map((file) => (file.name === OUTPUT ? file : withRestoring(file, newGeneration)));
  return withKeys(meta, {
    [KEY.archiveFiles]: storedFiles(noted),
    [KEY.settlingAt]: at,
    [KEY.keepArchive]: null,
    [KEY.replacing]: replacing,
  });
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
  const { archiveKey, rawBytes, archiveBytes, crc32, lines } = output ?? {};
  const kept = withKeys(
    {},
    {
      ...{ replacedAt: now, path: archiveKey, manifest: meta[KEY.manifestKey], manifestCrc32: meta[KEY.manifestCrc32] },
      ...{ bytes: rawBytes, storedBytes: archiveBytes, crc32, lines },
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
