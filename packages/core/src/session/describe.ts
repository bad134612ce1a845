/** The hook by which a host extracts facts about sessions. */
import type { Facts } from "../format/origin.js";
import type { Meta } from "../ports.js";

/**
 * Extracts facts from a session's output, such as its title. They are noted when the session is imported and archived, in its
 * metadata and in the manifest of its archive.
 */
export interface Describe {
  /** Who extracts them, and its version: what another one has noted is extracted anew. */
  readonly by: string;
  readonly version: number;
  /** Begins with the output's first byte; or with the one behind `known.bytes`, and goes on from those facts. */
  open(known: Facts | undefined): Describing;
}

export interface Describing {
  /** The next bytes of the output, to be looked at at once: the array may be used again. */
  add(chunk: Uint8Array): void;
  /** The facts, as JSON can hold them. */
  values(): Meta;
}
