/** The published program: all that it is made of in a few files, loaded as they are called for. */
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "node22",
    ssr: true,
    // Licences ask to be passed on with what they cover.
    license: { fileName: "third-party.md" },
    rolldownOptions: {
      input: { index: "src/index.ts", main: "src/main.ts" },

      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        // Each file costs its opening: what is always called together is one. A group takes along what its modules import.
        codeSplitting: {
          groups: [
            { name: "start", test: /\/src\/run-cli\.ts$/, priority: 3 },
            { name: "archiver", test: /\/src\/with-context\.ts$|\/core\/dist\//, priority: 2 },
            { name: "adapter-fs", test: /\/adapter-fs\/dist\//, priority: 1 },
            { name: "adapter-sqlite", test: /\/adapter-sqlite\/dist\//, priority: 1 },
            { name: "shared", test: /\/cli\/src\//, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
  // Nothing is left outside but what Node itself brings.
  ssr: { noExternal: true },
});
