/** The names of the tables and indexes, each with the prefix of its store. */

const NAMES = {
  /** One row: the number of migrations done. */
  meta: "meta",
  objects: "objects",
  /** At most one row: the store's own metadata. */
  own: "own",
  blobs: "blobs",
  archives: "archives",
  /** The bytes of blobs. `end_at`: offset in the stream just behind the row's bytes. */
  blobChunks: "blob_chunks",
  /** The bytes of archives, which are compressed already. */
  archiveChunks: "archive_chunks",
  /** Streams that no blob and no archive names: see `loose-streams.ts`. */
  loose: "loose",
  /** Which sweeper works on what, for the time being. */
  claims: "claims",
} as const;

export interface Tables extends Readonly<Record<keyof typeof NAMES, string>> {
  /** The schema they are made in, if one was named. */
  readonly schema: string | undefined;
  readonly prefix: string;
}

/** Both names are checked: letters, digits and `_`. */
export function tablesOf(prefix: string, schema: string | undefined): Tables {
  const place = schema === undefined ? "" : `"${schema}".`;
  const named = Object.entries(NAMES).map(([table, name]) => [table, `${place}"${prefix}${name}"`]);
  return { ...(Object.fromEntries(named) as Record<keyof typeof NAMES, string>), schema, prefix };
}
