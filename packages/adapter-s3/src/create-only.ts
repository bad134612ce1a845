/** How a bucket lets a writer create an object only where there is none. */

export type CreateOnly =
  /** By conditions on PUT and on the completion of uploads in parts, as Amazon S3 does. */
  | "both"
  /** By conditions on PUT alone, as Ceph does: each archive has a claim beside it. */
  | "put"
  /**
   * Not at all. It is looked whether a key is taken before it is written, and of two writers at once the last one wins. The keys
   * that `createArchiver` makes are random, and never used twice.
   */
  | "keys are random";
