/** Replaces functions of `node:fs` and `node:fs/promises`, also for modules that have imported them by name. */
import fs from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

type Functions<Module> = { readonly [Name in keyof Module]?: unknown };

/** The functions as they are without replacements. */
export const actual: typeof fs = { ...fs };
export const actualPromises: typeof promises = { ...promises };

/** Until it is disposed of. */
export function replaceFs(functions: Functions<typeof fs>, inPromises: Functions<typeof promises> = {}): Disposable {
  const undo = [replaceIn(fs, functions), replaceIn(promises, inPromises)];
  syncBuiltinESMExports();
  return {
    [Symbol.dispose]() {
      for (const each of undo) each();
      syncBuiltinESMExports();
    },
  };
}

function replaceIn<Module extends object>(module: Module, functions: Functions<Module>): () => void {
  const before = Object.fromEntries(Object.keys(functions).map((name) => [name, module[name as keyof Module]]));
  Object.assign(module, functions);
  return () => void Object.assign(module, before);
}
