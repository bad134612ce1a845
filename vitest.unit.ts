/** The lane of `npm run test:unit`: no build, no browser, no program of its own; about a minute. */
import { globSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { first, project } from "./vitest.projects.ts";

const packages = ["core", "transcripts", "conformance", "codec-zlib", "adapter-sqlite", "adapter-fs"];
const TESTS = "test/**/*.test.ts";
const ELSEWHERE = ["test/proof/**", "test/suite/**", "test/programs/**", "test/browser/**", "test/chromium/**"];

/** The files of a package that replace a module: in a process that they share, they would replace it for others, or find it loaded. */
const replacing = (root: string): string[] =>
  globSync(TESTS, { cwd: root }).filter((path) => readFileSync(`${root}/${path}`, "utf8").includes("vi.mock("));

const quick = (name: string) => {
  const root = `packages/${name}`;
  const alone = replacing(root);
  const lane = (id: string, include: string[], exclude: string[], isolate: boolean) => {
    const { resolve, test } = project(id, root, first, { include, exclude: [...ELSEWHERE, ...exclude] });
    return { resolve, test: { ...test, isolate } };
  };
  const shared = lane(name, [TESTS], alone, false);
  return alone.length > 0 ? [shared, lane(`${name}-alone`, alone, [], true)] : [shared];
};

export default defineConfig({ test: { projects: packages.flatMap(quick) } });
