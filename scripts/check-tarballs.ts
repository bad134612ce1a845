/**
 * Packs every public package, installs the tarballs into an empty project and imports them there: what people get from the
 * registry is what is checked, not what lies in the workspace.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface PackageJson {
  readonly name: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL("../", import.meta.url));
const packages = readdirSync(join(root, "packages"))
  .map((folder) => JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")) as PackageJson)
  .filter((manifest) => manifest.private !== true);
const scratch = mkdtempSync(join(tmpdir(), "session-archiver-tarballs-"));
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: scratch, encoding: "utf8" });

try {
  const workspaces = packages.flatMap(({ name }) => ["--workspace", name]);
  execFileSync("npm", ["pack", "--silent", "--pack-destination", scratch, ...workspaces], { cwd: root });
  const tarballs = readdirSync(scratch).filter((file) => file.endsWith(".tgz"));
  if (tarballs.length !== packages.length)
    throw new Error(`${tarballs.length} tarballs of ${packages.length} packages`);
  writeFileSync(join(scratch, "package.json"), '{ "name": "consumer", "private": true, "type": "module" }\n');
  run("npm", "install", "--silent", "--no-audit", "--no-fund", ...tarballs.map((file) => `./${file}`));
  for (const { name, bin } of packages) {
    run(process.execPath, "--input-type=module", "-e", `await import(${JSON.stringify(name)})`);
    for (const command of Object.keys(bin ?? {})) {
      run(process.execPath, join("node_modules", ".bin", command), "--help");
    }
    console.log(`${name}: packed, installed, imported${bin ? ", run" : ""}`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
