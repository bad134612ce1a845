/** What a salvage writes into the metadata. Pure. */
import type { Json, Meta } from "../../ports.js";
import { withCount } from "../line-count.js";
import { KEY, recordIn, withKeys } from "../metadata.js";
import { type SalvageNote, storedNote } from "../salvage-notes.js";
import { storedOutput } from "../versions.js";
import { type ArchiveRecord, asMended } from "./archived.js";
import { withGivenUp } from "./given-up.js";
import { withoutCounts } from "./replaced.js";

export interface SalvageCommit {
  /** One for each file that has lost bytes. */
  readonly notes: readonly SalvageNote[];
  /** Whether the output has lost bytes, so that what was counted and taken on trust about it holds no more. */
  readonly isOutputShorter: boolean;
  /** Keys of damaged objects that could not be copied. They are not noted as given up, because gc deletes what is. */
  readonly stays: readonly string[];
}

/** The commit of a salvage: the new archive in place of the damaged one, and what was lost. */
export function asSalvaged({ notes, isOutputShorter, stays }: SalvageCommit): typeof asMended {
  return (id: string, meta: Meta, record: ArchiveRecord): Meta => {
    const mended = asMended(id, isOutputShorter ? withCount(withoutCounts(meta), record.count) : meta, record);
    const rawBytes = record.files.reduce((sum, file) => sum + file.rawBytes, 0);
    return withNotes(withoutStaying(withKeys(mended, { [KEY.archivedRawBytes]: rawBytes }), stays), notes);
  };
}

/** The same for an earlier output, the entry number `version` of those kept. */
export function asVersionSalvaged(
  id: string,
  meta: Meta,
  version: number,
  record: ArchiveRecord,
  commit: SalvageCommit,
): Meta {
  const kept = meta[KEY.versions];
  const [file] = record.files;
  const versions = Array.isArray(kept)
    ? kept.map((value: Json, i) => (i === version - 1 ? changed(value) : value))
    : [];
  function changed(value: Json): Json {
    return withKeys(recordIn(value) ?? {}, storedOutput(file, record.manifestKey, record.manifestCrc32));
  }
  const after = withGivenUp(id, meta, withKeys(meta, { [KEY.versions]: versions }));
  return withNotes(withoutStaying(after, commit.stays), commit.notes);
}

function withNotes(meta: Meta, notes: readonly SalvageNote[]): Meta {
  if (notes.length === 0) return meta;
  const before = meta[KEY.salvaged];
  return withKeys(meta, { [KEY.salvaged]: [...(Array.isArray(before) ? before : []), ...notes.map(storedNote)] });
}

function withoutStaying(meta: Meta, stays: readonly string[]): Meta {
  const givenUp = meta[KEY.givenUp];
  if (!Array.isArray(givenUp) || stays.length === 0) return meta;
  const rest = givenUp.filter((key) => typeof key !== "string" || !stays.includes(key));
  return withKeys(meta, { [KEY.givenUp]: rest.length > 0 ? rest : null });
}
