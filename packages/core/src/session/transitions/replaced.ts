/** What an import that replaces the output writes into the metadata: first its intent, then its commit. Pure. */
import { factsIn, sourceIn } from "../../format/origin.js";
import type { Meta } from "../../ports.js";
import { type ArchivedFile, archivedFiles, storedFiles } from "../archived-file.js";
import { KEY, OUTPUT, withKeys } from "../metadata.js";
import { isArchived } from "../state.js";
import { storedOutput } from "../versions.js";
import { asLive, withRestoring } from "./restored.js";

/**
 * The intent of an import to replace the output, archived or purged. It names the generation of the new output's blob,
 * and those of the sidecars, which are brought back as by a restore.
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

/** Takes the intent back: the blob, if there is one, is then a stray. Sidecars that are live again stay so. */
export function asNotReplacing(meta: Meta): Meta {
  if (meta[KEY.replacing] === undefined) return meta;
  return withKeys(meta, { [KEY.replacing]: null, ...(!isArchived(meta) && { [KEY.settlingAt]: null }) });
}

/** The commit of a replacement: the blob becomes the output, and the output it replaces is kept as a version. */
export function asReplaced(id: string, meta: Meta, now: number): Meta {
  const live = asLive(id, withKeys(meta, { [KEY.keepArchive]: true }), now);
  const output = archivedFiles(id, meta).find(({ name }) => name === OUTPUT);
  const stored = storedOutput(output, meta[KEY.manifestKey], meta[KEY.manifestCrc32]);
  const kept = withKeys({}, { replacedAt: now, ...stored });
  const before = meta[KEY.versions];
  return withKeys(withoutCounts(live), {
    [KEY.versions]: [...(Array.isArray(before) ? before : []), kept],
    [KEY.restoredAt]: null,
  });
}

/**
 * Removes what was noted, counted and taken on trust about an output that no longer exists. Facts keep their values,
 * until they are extracted again.
 */
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
