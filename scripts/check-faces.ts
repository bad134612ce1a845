/**
 * What people see of the library (the demo, the command line) is built on its verbs alone: a face imports of core what a host
 * needs, and touches no port. Whatever it lacks belongs into core, where every other host has it too.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Face {
  readonly folder: string;
  /** The modules that open stores, and folders of such. */
  readonly openers: readonly string[];
}

const FACES: readonly Face[] = [
  { folder: "apps/demo-web/src", openers: ["worker/stores.ts"] },
  { folder: "packages/cli/src", openers: ["stores/"] },
];

const CORE = "@session-archiver/core";

/** Its door for those who read archives' names and manifests: any face may use it. */
const FORMAT = `${CORE}/format`;
/** Its door for adapters: only for the modules that open stores. */
const ADAPTER = `${CORE}/adapter`;
/** What the hosts' door has of the ports, since a host hands them over: only for the modules that open stores. */
const PORTS = new Set([
  ...["Ports", "ObjectStore", "BlobStore", "ArchiveSink", "OwnMeta", "memoryPorts"],
  ...["StoredObject", "ObjectQuery", "BlobKey", "BlobRef", "ArchiveInfo", "Version"],
]);

const STATIC = /\b(?:import|export)\s+(?:type\s+)?([^;"']*?)\s*from\s*["']([^"']+)["']/g;
const DYNAMIC =
  /(?:const|let)\s*(\{[^}]*\}|\w+)\s*=\s*await\s+import\(\s*["']([^"']+)["']\s*\)|\bimport\(\s*["']([^"']+)["']\s*\)/g;
/** `ports.blobs`, or `{ blobs } = ports`; no other thing in a face is called so. */
const PORT = /\??\.\s*(objects|blobs|archives)\b|\{[^{}]*\b(objects|blobs|archives)\b[^{}]*\}\s*=[^=>]/g;

interface Problem {
  readonly at: number;
  readonly what: string;
}

function problemsIn(code: string, isOpener: boolean): readonly Problem[] {
  const found: Problem[] = [];
  const checkNames = (at: number, clause: string, from: string): void => {
    if (!from.startsWith(CORE) && !/(^|\/)packages\/core\//.test(from)) return;
    if (from === FORMAT || (from === ADAPTER && isOpener)) return;
    if (from !== CORE) found.push({ at, what: `imports ${from}: only ${CORE} and ${FORMAT} are for hosts` });
    else if (!/^\{[^}]*\}$/.test(clause)) found.push({ at, what: `imports all of ${CORE}: name what is needed` });
    else {
      for (const name of namesIn(clause)) {
        if (!PORTS.has(name) || isOpener) continue;
        found.push({ at, what: `imports ${name}: there is a verb of the archiver for it, or there should be` });
      }
    }
  };
  for (const { index, 1: clause = "", 2: from = "" } of code.matchAll(STATIC)) checkNames(index, clause, from);
  for (const { index, 1: clause = "", 2: from, 3: bare = "" } of code.matchAll(DYNAMIC)) {
    checkNames(index, clause, from ?? bare);
  }
  if (!isOpener) {
    for (const { index, 1: used, 2: taken } of code.matchAll(PORT)) {
      found.push({
        at: index,
        what: `uses the port ${used ?? taken}: there is a verb of the archiver for it, or there should be`,
      });
    }
  }
  return found;
}

/** Names as core has them: of `a as b` it is `a`, in a destructuring of `a: b` too. */
function namesIn(clause: string): readonly string[] {
  return clause
    .slice(1, -1)
    .split(",")
    .map(
      (part) =>
        part
          .trim()
          .replace(/^type\s+/, "")
          .split(/\s+as\s+|\s*:\s*/)[0] ?? "",
    )
    .filter((name) => name !== "");
}

/** Comments as blanks, so that places stay what they are. */
const withoutComments = (code: string): string =>
  code.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, " "));

let count = 0;
for (const { folder, openers } of FACES) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => /\.tsx?$/.test(path));
  for (const opener of openers) {
    if (!files.some((path) => path.startsWith(opener))) throw new Error(`${folder} has no ${opener}.`);
  }
  for (const path of files.sort()) {
    const code = withoutComments(readFileSync(join(folder, path), "utf8"));
    for (const { at, what } of problemsIn(
      code,
      openers.some((opener) => path.startsWith(opener)),
    )) {
      console.error(`${join(folder, path)}:${code.slice(0, at).split("\n").length}: ${what}.`);
      count++;
    }
  }
}
if (count > 0) process.exit(1);
