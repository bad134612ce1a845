/** The names of the tables and indexes, each with its prefix. */

export interface Tables {
  /**
   * `schema`: the number of migrations done. `streams`: the last stream number given out. `stored_bytes`: the sum of the
   * objects' column of that name.
   */
  readonly meta: string;
  readonly objects: string;
  /** Index on the two values a sweep asks for. */
  readonly sweep: string;
  /** Index on the last activity of sessions whose archive counts toward the byte cap. */
  readonly kept: string;
  /** Index on when tombstones were set whose archives are there still. */
  readonly pruned: string;
  /** One row at most: the store's own metadata. */
  readonly own: string;
  readonly blobs: string;
  readonly archives: string;
  /** The bytes of all streams. `end_at`: offset in the stream just behind the row's bytes. */
  readonly chunks: string;
  /** Streams that no blob and no archive names: see `loose.ts`. */
  readonly loose: string;
}

export function tablesOf(prefix: string): Tables {
  return {
    meta: `${prefix}meta`,
    objects: `${prefix}objects`,
    sweep: `${prefix}objects_sweep`,
    kept: `${prefix}objects_kept`,
    pruned: `${prefix}objects_pruned`,
    own: `${prefix}own`,
    blobs: `${prefix}blobs`,
    archives: `${prefix}archives`,
    chunks: `${prefix}chunks`,
    loose: `${prefix}loose`,
  };
}
