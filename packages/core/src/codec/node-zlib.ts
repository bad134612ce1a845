/** The parts of Node's zlib that core uses, if this is Node. */
import { nodeBuiltin } from "../node-builtin.js";

interface NodeZlib {
  readonly crc32?: (bytes: Uint8Array, previous?: number) => number;
  readonly inflateRawSync: (
    deflated: Uint8Array,
    options: { readonly maxOutputLength: number; readonly chunkSize: number },
  ) => Uint8Array;
}

let found: NodeZlib | undefined;

/** Found at the first call: loading zlib takes longer than many short runs that don't need it. */
export function nodeZlib(): NodeZlib | undefined {
  found ??= nodeBuiltin<NodeZlib>("node:zlib");
  return found;
}
