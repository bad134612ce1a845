/** The tests of each package as a project of Vitest. Three lanes are made of them: see docs/testing.md. */
import { fileURLToPath } from "node:url";
import { enginesHere } from "./packages/test-kit/src/browsers/engines.ts";
import { realBrowsers } from "./packages/test-kit/src/browsers/provider.ts";
import { chromiumLaunch } from "./packages/test-kit/src/chromium/launch.ts";
import { SOURCE_ALIASES } from "./packages/test-kit/src/machine/sources.ts";

export const inNode = [
  "core",
  "transcripts",
  "search",
  "test-kit",
  "conformance",
  "simulation",
  "codec-zlib",
  "adapter-postgres",
  "adapter-s3",
  "adapter-sqlite",
  "adapter-fs",
  "agent-folders",
  "cli",
];
const limits = { testTimeout: 60_000, hookTimeout: 60_000 };
/** A slow machine is no failure: what is to be quick is measured in its own test. */
const limitsInBrowser = { testTimeout: 180_000, hookTimeout: 180_000 };

/** Files of one group run before those of the next: what a browser does is measured, and must not wait for simulations. */
export const first = { maxWorkers: 3, sequence: { groupOrder: 0 } };
export const second = { ...limitsInBrowser, maxWorkers: 3, sequence: { groupOrder: 1 } };

/** What a lane runs of a project. */
interface Lane {
  readonly include?: string[];
  readonly exclude?: string[];
}

/** What runs once before the tests of a project. */
const GLOBAL_SETUPS: Readonly<Record<string, string>> = {
  "adapter-postgres": "./packages/adapter-postgres/test/support/global-setup.ts",
  "adapter-s3": "./packages/adapter-s3/test/support/servers/global-setup.ts",
  "adapter-s3-browser": "./packages/adapter-s3/test/support/servers/pages-setup.ts",
};

const ALL: Lane = { include: ["test/**/*.test.ts"], exclude: ["test/browser/**"] };

const globalSetupOf = (name: string): { globalSetup?: string } =>
  GLOBAL_SETUPS[name] === undefined
    ? {}
    : { globalSetup: fileURLToPath(new URL(GLOBAL_SETUPS[name], import.meta.url)) };

export const project = (name: string, root: string, schedule: typeof first | typeof second = first, lane = ALL) => ({
  resolve: { alias: SOURCE_ALIASES },
  test: {
    name,
    root,
    ...lane,
    environment: "node" as const,
    ...globalSetupOf(name),
    ...limits,
    ...schedule,
  },
});

const { SESSION_ARCHIVER_AT_LENGTH: AT_LENGTH } = process.env;
/** The conformance suite runs in a worker in each engine, in a page in Chromium alone. Longer random work is the same code in all. */
const AT_LENGTH_BESIDE_CHROMIUM = [
  "test/browser/conformance-{page,shared-worker}.test.ts",
  "test/browser/{histories,codec,damaged-rows,rebuild,version-1,leftovers}.test.ts",
];
const AT_LENGTH_ONLY = {
  chromium: ["test/browser/conformance-shared-worker.test.ts"],
  firefox: AT_LENGTH_BESIDE_CHROMIUM,
  webkit: AT_LENGTH_BESIDE_CHROMIUM,
};

/** The tests of `test/browser` run inside each real browser that is here. */
export const browserProject = async (name: string, root: string) => ({
  resolve: { alias: SOURCE_ALIASES },
  // Named, so that none is discovered half-way, which would load the page again.
  optimizeDeps: { include: ["fflate", "idb"] },
  test: {
    name: `${name}-browser`,
    root,
    include: ["test/browser/**/*.test.ts"],
    ...globalSetupOf(`${name}-browser`),
    ...second,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: realBrowsers(await chromiumLaunch()),
      instances: enginesHere().map((browser) => ({
        browser,
        exclude: AT_LENGTH === undefined ? AT_LENGTH_ONLY[browser] : [],
      })),
    },
  },
});
