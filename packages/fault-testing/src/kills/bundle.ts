/** The sources of the child processes in few files: a process then starts in half the time, which is most of its life. */
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const PACKAGES = fileURLToPath(new URL("../../..", import.meta.url));
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
    resolve: {
      alias: [
        { find: /^@session-archiver\/([a-z-]+)$/, replacement: join(PACKAGES, "$1/src/index.ts") },
        { find: /^@session-archiver\/([a-z-]+)\/([a-z-]+)$/, replacement: join(PACKAGES, "$1/src/$2.ts") },
      ],
    },
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
