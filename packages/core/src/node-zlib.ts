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

export const nodeZlib: NodeZlib | undefined = (globalThis as Host).process?.getBuiltinModule?.("node:zlib");
