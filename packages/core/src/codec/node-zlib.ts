/** What core takes from Node's zlib, where this is Node: without an import, which browsers could not follow. */
interface NodeZlib {
  readonly crc32?: (bytes: Uint8Array, previous?: number) => number;
  readonly inflateRawSync: (
    deflated: Uint8Array,
    options: { readonly maxOutputLength: number; readonly chunkSize: number },
  ) => Uint8Array;
}

interface Host {
  readonly process?: { readonly getBuiltinModule?: (name: string) => NodeZlib | undefined };
}

let found: NodeZlib | undefined;

/** Looked for at the first call: loading zlib takes longer than what many short runs do without it. */
export function nodeZlib(): NodeZlib | undefined {
  found ??= (globalThis as Host).process?.getBuiltinModule?.("node:zlib");
  return found;
}
