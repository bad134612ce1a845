/**
 * Bundles the sources of the child processes into few files. A process then starts in half the time, which is most of its life.
 */
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { SOURCE_ALIASES } from "../../machine/index.js";

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

export interface Bundle {
  /** Path of the script. */
  readonly child: string;
  /** URL of the module that opens the store. */
  readonly open: string;
}

export async function bundleIn(directory: string, open: string): Promise<Bundle> {
  await build({
    configFile: false,
    logLevel: "error",
    resolve: { alias: SOURCE_ALIASES },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: "node22",
      outDir: directory,
      rolldownOptions: { input: { child: CHILD, store: fileURLToPath(open) } },
    },
  });
  return { child: join(directory, "child.js"), open: pathToFileURL(join(directory, "store.js")).href };
}
