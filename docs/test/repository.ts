import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** Every document whose code is checked, by its path in the repository. */
export function documents(): ReadonlyMap<string, string> {
  const patterns = ["README.md", "docs/*.md", "packages/*/README.md", "apps/*/README.md", "examples/*/README.md"];
  const paths = globSync(patterns, { cwd: ROOT }).map((path) => path.replaceAll("\\", "/"));
  return new Map(paths.sort().map((path) => [path, readDocument(path)]));
}

export function readDocument(path: string): string {
  return readFileSync(`${ROOT}/${path}`, "utf8");
}
