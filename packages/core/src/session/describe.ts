/** The hook with which a host extracts facts about sessions. */
import type { Facts } from "../format/origin.js";
import type { Meta } from "../ports.js";

/**
 * Extracts facts from a session's output, such as its title. They are noted when the session is imported and archived,
 * in its metadata and in the manifest of its archive.
 */
export interface Describe {
  /** Name and version of the extractor. Facts that another one noted are extracted again. */
  readonly by: string;
  readonly version: number;
  /** Starts at the output's first byte; or, with `known`, at byte `known.bytes`, continuing from those facts. */
  open(known: Facts | undefined): Describing;
}

export interface Describing {
  /** The next bytes of the output. Use them before returning: the array may be reused. */
  add(chunk: Uint8Array): void;
  /** The facts so far, as JSON values. What only this hook needs, to continue, belongs under `state`: lists leave it out. */
  values(): Meta;
}
