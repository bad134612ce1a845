/** Where the sources of this project's packages are. Tests run these, so that a failure points at a line someone wrote. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGES = fileURLToPath(new URL("../../..", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string | { readonly default: string }>>;
}

/** From each export of a package, such as `@session-archiver/core`, to the path of its source. */
export const SOURCES: ReadonlyMap<string, string> = new Map(readdirSync(PACKAGES).flatMap(exportsOf));

/** The same in the form of Vite's `resolve.alias`. */
export const SOURCE_ALIASES: { find: RegExp; replacement: string }[] = [...SOURCES].map(([name, replacement]) => ({
  find: new RegExp(`^${name}$`),
  replacement,
}));

function exportsOf(folder: string): readonly (readonly [string, string])[] {
  const manifest = join(PACKAGES, folder, "package.json");
  if (!existsSync(manifest)) return [];
  const { name, exports = {} } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
  return Object.entries(exports).flatMap(([subpath, target]) => {
    const built = typeof target === "string" ? undefined : /^\.\/dist\/(.+)\.js$/.exec(target.default)?.[1];
    return built === undefined
      ? []
      : [[name + subpath.slice(1), join(PACKAGES, folder, "src", `${built}.ts`)] as const];
  });
}
