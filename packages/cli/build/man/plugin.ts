/** For the build: writes the manual page beside the program. */
import { fileURLToPath } from "node:url";
import { type Plugin, runnerImport } from "vite";

const BUILT = fileURLToPath(new URL("built.ts", import.meta.url));

export function manualPagePlugin(): Plugin {
  return {
    name: "manual-page",
    async generateBundle() {
      const { module } = await runnerImport<typeof import("./built.ts")>(BUILT, { configFile: false });
      this.emitFile({ type: "asset", fileName: "session-archiver.1", source: module.page });
    },
  };
}
