/** The lane of `npm test`: all that a change must pass. */
import { defineConfig } from "vitest/config";
import { browserProject, inNode, project, second } from "./vitest.projects.ts";

export default defineConfig({
  test: {
    reporters: ["default", ["json", { outputFile: "test-results.json" }]],
    projects: [
      ...inNode.map((name) => project(name, `packages/${name}`)),
      project("adapter-indexeddb", "packages/adapter-indexeddb", second),
      await browserProject("adapter-indexeddb", "packages/adapter-indexeddb"),
      await browserProject("adapter-s3", "packages/adapter-s3"),
      await browserProject("search", "packages/search"),
      project("demo-web", "apps/demo-web", second),
      project("custom-adapter", "examples/custom-adapter"),
      project("deployment", "examples/deployment"),
      project("docs", "docs"),
      project("benchmarks", "benchmarks"),
    ],
  },
});
