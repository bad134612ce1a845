import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumLaunch } from "./packages/test-kit/src/machine/chromium.ts";
import { SOURCE_ALIASES } from "./packages/test-kit/src/machine/sources.ts";

const inNode = [
  "core",
  "transcripts",
  "test-kit",
  "conformance",
  "simulation",
  "codec-zlib",
  "adapter-sqlite",
  "adapter-fs",
  "cli",
];
const limits = { testTimeout: 60_000, hookTimeout: 60_000 };
/** A slow machine is no failure: what is to be quick is measured in its own test. */
const limitsInBrowser = { testTimeout: 180_000, hookTimeout: 180_000 };

/** Files of one group run before those of the next: what a browser does is measured, and must not wait for simulations. */
const first = { maxWorkers: 3, sequence: { groupOrder: 0 } };
const second = { ...limitsInBrowser, maxWorkers: 3, sequence: { groupOrder: 1 } };

const project = (name: string, root: string, schedule: typeof first | typeof second = first) => ({
  resolve: { alias: SOURCE_ALIASES },
  test: {
    name,
    root,
    include: ["test/**/*.test.ts"],
    exclude: ["test/browser/**"],
    environment: "node" as const,
    ...limits,
    ...schedule,
  },
});

/** The tests of `test/browser` run inside a real Chromium. */
const browserProject = async (name: string, root: string) => ({
  resolve: { alias: SOURCE_ALIASES },
  // Named, so that none is discovered half-way, which would load the page again.
  optimizeDeps: { include: ["fast-check", "fflate", "idb"] },
  test: {
    name: `${name}-browser`,
    root,
    include: ["test/browser/**/*.test.ts"],
    ...second,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: await chromiumLaunch() }),
      instances: [{ browser: "chromium" as const }],
    },
  },
});

export default defineConfig({
  test: {
    reporters: ["default", ["json", { outputFile: "test-results.json" }]],
    projects: [
      ...inNode.map((name) => project(name, `packages/${name}`)),
      project("adapter-indexeddb", "packages/adapter-indexeddb", second),
      await browserProject("adapter-indexeddb", "packages/adapter-indexeddb"),
      project("demo-web", "apps/demo-web", second),
      project("custom-adapter", "examples/custom-adapter"),
      project("docs", "docs"),
      project("benchmarks", "benchmarks"),
    ],
  },
});
