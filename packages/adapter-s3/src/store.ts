/** An open sink. */
import type { ArchiveSink, OpOptions } from "@session-archiver/core";
import type { Collected } from "./bucket/collect.js";
import type { CreateOnly } from "./create-only.js";
import type { BucketFacts } from "./notices.js";

export interface S3Archives extends ArchiveSink, AsyncDisposable {
  /** How this bucket lets archives be created only where there are none. */
  readonly createOnly: CreateOnly;
  /** Whether what is deleted there is gone. */
  readonly bucketFacts: BucketFacts;
  /**
   * Aborts uploads that were begun more than a day ago, and deletes what their writers and deletes that were cut short have left. Opening
   * aborts some of them. The bucket's own rule AbortIncompleteMultipartUpload does the first part, too.
   */
  collectOrphans(op?: OpOptions): Promise<Collected>;
  /** Later calls reject with `UNAVAILABLE`. */
  close(): Promise<void>;
}
