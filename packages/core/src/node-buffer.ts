/** What Node's Buffer does faster than a plain array. */
import { nodeBuiltin } from "./node-builtin.js";

interface NodeBuffer extends Pick<Uint8Array, "indexOf" | "lastIndexOf"> {
  toString(encoding: "latin1"): string;
}

interface NodeBuffers {
  from(buffer: ArrayBufferLike, byteOffset: number, length: number): NodeBuffer;
}

const buffers = nodeBuiltin<{ readonly Buffer: NodeBuffers }>("node:buffer")?.Buffer;

/** The same bytes, to be searched: `indexOf` takes a fifth of the time in Node. */
export function searchable(bytes: Uint8Array): Pick<Uint8Array, "indexOf" | "lastIndexOf"> {
  return viewOf(bytes) ?? bytes;
}

/** One character for each byte: a sixth of the time that decoding UTF-8 takes. `undefined` if this is not Node. */
export function latin1Of(bytes: Uint8Array): string | undefined {
  return viewOf(bytes)?.toString("latin1");
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): NodeBuffer | undefined {
  return buffers?.from(buffer, byteOffset, length);
}
