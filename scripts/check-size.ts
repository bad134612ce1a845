/** What a page pays for the library: core and the IndexedDB adapter with all they bring, bundled, minified, gzipped. */
import { gzipSync } from "node:zlib";
import { build, type Rollup } from "vite";

const BUDGET_BYTES = 95_300;
const ENTRY = "virtual:entry";
const CODE = `
  export { createArchiver } from "@session-archiver/core";
  export { openIndexedDb } from "@session-archiver/adapter-indexeddb";
`;

const built = await build({
  configFile: false,
  logLevel: "error",
  plugins: [
    {
      name: "entry",
      resolveId: (id) => (id === ENTRY ? `\0${ENTRY}` : undefined),
      load: (id) => (id === `\0${ENTRY}` ? CODE : undefined),
    },
  ],
  build: {
    write: false,
    target: "es2024",
    minify: true,
    rollupOptions: { input: ENTRY, preserveEntrySignatures: "strict" },
  },
});
const { output } = ([built].flat() as Rollup.RollupOutput[])[0] ?? { output: [] };
const code = output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
const size = gzipSync(code, { level: 9 }).length;
console.log(`core + adapter-indexeddb, fflate and idb included: ${size} bytes gzipped, of ${BUDGET_BYTES}.`);
if (code.length === 0 || size > BUDGET_BYTES) process.exit(1);
