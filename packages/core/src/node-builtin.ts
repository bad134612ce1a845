/** A built-in module, if this is Node or a platform like it. Found without an import, which browsers could not follow. */
export function nodeBuiltin<Module>(name: string): Module | undefined {
  return (globalThis as Host).process?.getBuiltinModule?.(name) as Module | undefined;
}

interface Host {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
}
