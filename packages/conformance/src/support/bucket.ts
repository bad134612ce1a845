/** What blobs and archives have in common, so that the same cases test their common promises. */
import type { ArchiveSink, BlobRef, BlobStore, ByteRange, Bytes, OpOptions } from "@session-archiver/core/adapter";
import { offering, type Subject } from "../subject.js";
import { equal, equalBytes } from "./assert.js";
import { all, toBytes } from "./data.js";

/** Bytes under names. */
export interface Bucket {
  write(name: string, body: Bytes, op?: OpOptions): Promise<{ readonly size: number }>;
  stat(name: string, op?: OpOptions): Promise<{ readonly size: number } | undefined>;
  names(op?: OpOptions): AsyncIterable<string>;
  /** The bytes that were written under the name last. */
  read(name: string, range?: ByteRange, op?: OpOptions): Bytes;
  remove(name: string, op?: OpOptions): Promise<void>;
}

export interface BucketKind {
  readonly port: "blobs" | "archives";
  /** The method that writes. */
  readonly write: string;
  open(subject: Subject): Bucket;
}

export const BUCKETS: readonly BucketKind[] = [
  { port: "blobs", write: "blobs.create", open: (subject) => blobBucket(offering(subject, ["blobs"]).blobs) },
  {
    port: "archives",
    write: "archives.put",
    open: (subject) => archiveBucket(offering(subject, ["archives"]).archives),
  },
];

/** The session that holds the blobs of a bucket. */
export const SESSION = "session";

function blobBucket(blobs: BlobStore): Bucket {
  const written = new Map<string, BlobRef>();
  const at = (name: string): BlobRef => written.get(name) ?? { key: { id: SESSION, name }, generation: "1", size: 1 };
  return {
    async write(name, body, op) {
      const ref = await blobs.create({ id: SESSION, name }, "1", body, op);
      written.set(name, ref);
      return ref;
    },
    stat: (name, op) => blobs.stat({ id: SESSION, name }, op),
    async *names(op) {
      for await (const ref of blobs.list(SESSION, op)) yield ref.key.name;
    },
    read: (name, range, op) => blobs.read(at(name), range, op),
    remove: (name, op) => blobs.delete(at(name), op),
  };
}

function archiveBucket(archives: ArchiveSink): Bucket {
  return {
    write: (key, body, op) => archives.put(key, body, op),
    stat: (key, op) => archives.stat(key, op),
    async *names(op) {
      for await (const info of archives.list(undefined, op)) yield info.key;
    },
    read: (key, range, op) => archives.read(key, range, op),
    remove: (key, op) => archives.delete(key, op),
  };
}

/** Whether no call shows the name. */
export async function isAbsent(bucket: Bucket, name: string): Promise<boolean> {
  const listed = await all(bucket.names());
  return (await bucket.stat(name)) === undefined && !listed.includes(name);
}

/** Fails unless the bucket holds these bytes under this name, and nothing else. */
export async function holdsOnly(bucket: Bucket, name: string, bytes: Uint8Array): Promise<void> {
  equal((await bucket.stat(name))?.size, bytes.length, `stat of "${name}": size`);
  equal(await all(bucket.names()), [name], "list");
  equalBytes(await toBytes(bucket.read(name)), bytes, `the bytes of "${name}"`);
}
