/** What npm shows of a package, and what links its tarball to its source, is said by the manifest of every public package. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

const REPOSITORY = "https://github.com/session-archiver/session-archiver";

/** What each must say. `engines` is missing where a package is for browsers alone. */
const wanted = (folder: string): Readonly<Record<string, unknown>> => ({
  name: `@session-archiver/${folder.replace("packages/", "")}`,
  license: "MIT",
  homepage: `${REPOSITORY}/tree/main/${folder}#readme`,
  bugs: `${REPOSITORY}/issues`,
  repository: { type: "git", url: `git+${REPOSITORY}.git`, directory: folder },
  publishConfig: { access: "public", provenance: true },
});

const flaws: string[] = [];
const versions = new Set<unknown>();
for (const name of readdirSync("packages")) {
  const folder = `packages/${name}`;
  if (!existsSync(`${folder}/package.json`)) continue;
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as Readonly<Record<string, unknown>>;
  if (manifest["private"] === true) continue;
  versions.add(manifest["version"]);
  for (const [key, value] of Object.entries(wanted(folder))) {
    if (!isDeepStrictEqual(manifest[key], value)) flaws.push(`${folder}: ${key} must be ${JSON.stringify(value)}`);
  }
  const { keywords, files, description } = manifest;
  if (typeof description !== "string") flaws.push(`${folder}: there is no description`);
  if (!Array.isArray(keywords) || keywords.length < 5) flaws.push(`${folder}: there are fewer than 5 keywords`);
  if (!Array.isArray(files) || !files.includes("CHANGELOG.md")) flaws.push(`${folder}: files lack CHANGELOG.md`);
  for (const file of ["README.md", "LICENSE"]) {
    if (!existsSync(`${folder}/${file}`)) flaws.push(`${folder}: there is no ${file}`);
  }
}
if (versions.size !== 1) flaws.push(`the public packages have ${versions.size} versions: ${[...versions].join(", ")}`);
for (const flaw of flaws) console.error(flaw);
if (flaws.length > 0) process.exit(1);
