/** The names of the tables and indexes, each with the prefix of its store. */

/** The names of tables and indexes, without the store's prefix. */
const NAMES = {
  /**
   * `schema`: the number of migrations done. `streams`: the last id given to a content. `stored_bytes`: the sum of the
   * objects' column of that name.
   */
  meta: "meta",
  objects: "objects",
  /** Index on the two values a sweep asks for. */
  sweep: "objects_sweep",
  /** Index on the last activity of sessions whose archive counts toward the byte cap. */
  kept: "objects_kept",
  /** Index on the times of tombstones whose archives are still there. */
  pruned: "objects_pruned",
  /** Index on the order of lists, which holds what lists show. */
  newest: "objects_newest",
  /** At most one row: the store's own metadata. */
  own: "own",
  blobs: "blobs",
  archives: "archives",
  /** The bytes of all contents. `end_at`: offset in the content just behind the row's bytes. */
  chunks: "chunks",
  /** Contents that no blob and no archive names: see `pending-streams.ts`. */
  loose: "loose",
  /** Which sweeper works on what, for the time being. */
  claims: "claims",
} as const;

export type Tables = { readonly [Table in keyof typeof NAMES]: string };

export function tablesOf(prefix: string): Tables {
  return Object.fromEntries(Object.entries(NAMES).map(([table, name]) => [table, prefix + name])) as Tables;
}
