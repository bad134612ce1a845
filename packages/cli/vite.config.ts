/** The published program: all that it is made of in a few files, loaded as they are called for. */
import { defineConfig } from "vite";
import { manualPagePlugin } from "./build/man/plugin.ts";
import { nodeBuiltins } from "./build/node-builtins.ts";

export default defineConfig({
  plugins: [nodeBuiltins(), manualPagePlugin()],
  build: {
    target: "node22",
    ssr: true,
    // Licences ask to be passed on with what they cover.
    license: { fileName: "third-party.md" },
    rolldownOptions: {
      input: { index: "src/index.ts", main: "src/main.ts", "search-thread": "src/search/thread.ts" },

      output: {
        entryFileNames: "[name].js",
        chunkFileNames: ({ facadeModuleId }) => `${/adapter-\w+/.exec(facadeModuleId ?? "")?.[0] ?? "[name]"}.js`,
        // Names stay, for traces; the rest of it need not be read at every start.
        minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
        // Each file costs its opening: what is always called together is one. A group takes along what its modules import.
        codeSplitting: {
          groups: [
            { name: "start", test: /\/src\/run-cli\.ts$|^\0late:/, priority: 3 },
            // Where the home is, is asked by every command: the rest of that adapter isn't.
            { name: "archiver", test: /\/(core|codec-zlib)\/dist\/|\/adapter-fs\/dist\/home\.js$/, priority: 2 },
            { name: "adapter-fs", test: /\/adapter-fs\/dist\//, priority: 1 },
            // What doctor looks with is not for the others, nor for the help; what finds the files of agents, not for lists.
            {
              name: "shared",
              test: /\/cli\/src\/(?!import\/|doctor\/|folders\/|forget\/)/,
              minShareCount: 2,
              priority: 1,
            },
            { name: "folders", test: /\/agent-folders\/dist\/|\/cli\/src\/folders\//, minShareCount: 2, priority: 0 },
            // Only what takes sessions in, or archives them, asks what they are about.
            { name: "transcripts", test: /\/transcripts\/dist\/|\/cli\/src\/import\//, minShareCount: 2, priority: 0 },
          ],
        },
      },
    },
  },
  // Nothing is left outside but what Node itself brings, and a driver for those who have a server.
  ssr: { noExternal: true, external: ["pg"] },
});
