/** All three ports out of a key-value store with four methods: the shortest way to an adapter. */
import type { Ports } from "../../ports.js";
import { defineAdapter } from "../define-adapter.js";
import { kvArchives } from "./archives.js";
import { kvBlobs } from "./blobs.js";
import type { Kv } from "./kv.js";
import { kvObjects } from "./objects.js";

export interface KvOptions {
  /** Unix ms; default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Called with each object that a listing leaves out because what is stored of it is `CORRUPT`. Default: nothing. */
  readonly onSkipped?: ((error: Error) => void) | undefined;
}

/**
 * An error of the `Kv` without one of our codes becomes `UNAVAILABLE`.
 *
 * A store that a process left in the middle of a write may keep chunks under `chunk/` that nothing names; they are never
 * read. Everything else about them is as the ports promise.
 */
export function portsFromKv(kv: Kv, options: KvOptions = {}): Ports {
  const { now = Date.now, onSkipped } = options;
  return defineAdapter({ objects: kvObjects(kv), blobs: kvBlobs(kv), archives: kvArchives(kv, now) }, { onSkipped });
}
