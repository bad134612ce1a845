/** An empty project in which the packed packages are installed. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface PackageJson {
  readonly name: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
}

export interface Consumer {
  readonly folder: string;
  readonly packages: readonly PackageJson[];
  /** Their paths. */
  readonly tarballs: readonly string[];
  /** Runs this Node in the folder. */
  node(...args: string[]): void;
  /** Adds a module, as JavaScript: its types are taken off, nothing else is changed. */
  addModule(path: string, typescript: string): void;
  /** A new folder. */
  addFolder(path: string): string;
  remove(): void;
}

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

export function makeConsumer(): Consumer {
  const folder = mkdtempSync(join(tmpdir(), "session-archiver-tarballs-"));
  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd: folder, encoding: "utf8" });
  const packages = publicPackages();
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const workspaces = packages.flatMap(({ name }) => ["--workspace", name]);
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder, ...workspaces], { cwd: ROOT });
  const tarballs = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  if (tarballs.length !== packages.length)
    throw new Error(`${tarballs.length} tarballs of ${packages.length} packages`);
  write("package.json", '{ "name": "consumer", "private": true, "type": "module" }\n');
  const files = tarballs.map((file) => `./${file}`);
  run("npm", "install", "--silent", "--no-audit", "--no-fund", ...files, ...broughtAlong());
  return {
    folder,
    packages,
    tarballs: tarballs.map((file) => join(folder, file)),
    node: (...args) => void run(process.execPath, ...args),
    addModule: (path, typescript) => write(path.replace(/\.ts$/, ".js"), stripTypeScriptTypes(typescript)),
    addFolder: (path) => {
      mkdirSync(join(folder, path), { recursive: true });
      return join(folder, path);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What users bring themselves, of the versions that the tests have: PostgreSQL in a process, and a decoder of zstd. */
function broughtAlong(): readonly string[] {
  return [versioned("@electric-sql/pglite", "packages/adapter-postgres"), versioned("fzstd", "packages/cli")];
}

function versioned(name: string, workspace: string): string {
  const manifest = readFileSync(join(ROOT, workspace, "package.json"), "utf8");
  const { devDependencies } = JSON.parse(manifest) as { readonly devDependencies: Readonly<Record<string, string>> };
  return `${name}@${devDependencies[name]}`;
}

function publicPackages(): readonly PackageJson[] {
  return readdirSync(join(ROOT, "packages"))
    .map((name) => JSON.parse(readFileSync(join(ROOT, "packages", name, "package.json"), "utf8")) as PackageJson)
    .filter((manifest) => manifest.private !== true);
}
