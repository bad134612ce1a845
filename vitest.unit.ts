/** The lane of `npm run test:unit`: no build, no browser, no program of its own; seconds. */
import { defineConfig } from "vitest/config";
import { first, project } from "./vitest.projects.ts";

const packages = ["core", "transcripts", "conformance", "codec-zlib", "adapter-sqlite", "adapter-fs"];
const lane = {
  include: ["test/**/*.test.ts"],
  exclude: ["test/proof/**", "test/suite/**", "test/programs/**", "test/browser/**", "test/chromium/**"],
};

/** Files share a process, except those that replace a module of Node: they would replace it for all others. */
const isolated = ["adapter-fs"];

const quick = (name: string) => {
  const { resolve, test } = project(name, `packages/${name}`, first, lane);
  return { resolve, test: { ...test, isolate: isolated.includes(name) } };
};

export default defineConfig({ test: { projects: packages.map(quick) } });
