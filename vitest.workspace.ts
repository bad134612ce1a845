import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Tests run against the sources, so that a failure points at a line someone wrote. */
const source = (name: string): string => fileURLToPath(new URL(`./packages/${name}/src/index.ts`, import.meta.url));
const packages = ["core", "session-generator", "testing", "conformance", "adapter-sqlite", "adapter-fs", "cli"];
const alias = Object.fromEntries(packages.map((name) => [`@session-archiver/${name}`, source(name)]));

const project = (name: string, root: string) => ({
  resolve: { alias },
  test: { name, root, include: ["test/**/*.test.ts"], environment: "node", testTimeout: 60_000, hookTimeout: 60_000 },
});

export default defineConfig({
  test: {
    reporters: ["default", ["json", { outputFile: "test-results.json" }]],
    projects: [
      ...packages.filter((name) => name !== "testing").map((name) => project(name, `packages/${name}`)),
      project("custom-adapter", "examples/custom-adapter"),
      project("docs", "docs"),
    ],
  },
});
