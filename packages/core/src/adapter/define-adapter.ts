/** All three ports over the store's own halves of them. */
import type { Ports } from "../ports.js";
import type { ArchiveBackend, BlobBackend, ObjectBackend } from "./backends.js";
import { defineArchives } from "./define-archives.js";
import { defineBlobs } from "./define-blobs.js";
import { defineObjects } from "./define-objects.js";
import type { AdapterOptions } from "./guard.js";

export interface Backends {
  readonly objects: ObjectBackend;
  readonly blobs: BlobBackend;
  readonly archives: ArchiveBackend;
}

/** For a store of one port alone there are `defineObjects`, `defineBlobs` and `defineArchives`. */
export function defineAdapter({ objects, blobs, archives }: Backends, options?: AdapterOptions): Ports {
  return {
    objects: defineObjects(objects, options),
    blobs: defineBlobs(blobs, options),
    archives: defineArchives(archives, options),
  };
}
