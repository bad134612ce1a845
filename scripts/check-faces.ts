/**
 * What people see of the library (the demo, the command line) is built on its verbs alone: a face imports of core what a host
 * needs, and touches no port. Whatever it lacks belongs into core, where every other host has it too.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Face {
  readonly folder: string;
  /** The modules that open stores. */
  readonly openers: readonly string[];
}

const FACES: readonly Face[] = [
  { folder: "apps/demo-web/src", openers: ["worker/stores.ts"] },
  // late-sink.ts wraps the sink that stores.ts opens.
  { folder: "packages/cli/src", openers: ["stores.ts", "late-sink.ts"] },
];

const CORE = "@session-archiver/core";

/** What a host needs of core: the archiver, its options and results, and errors. */
const HOSTS = new Set([
  ...["createArchiver", "DEFAULT_POLICY", "MAX_ARCHIVABLE_ID_LENGTH", "OUTPUT"],
  ...["ArchiverError", "codeOf", "failureOf", "hasCode", "throwIfAborted", "toArchiverError"],
  ...["archiveNamed", "concat", "collect", "bytesOf", "emptyReport", "isTime", "sourceOf", "timeOf"],
  // Types.
  ...["Archiver", "ArchiverEvent", "ArchiverOptions", "Bytes", "Codec", "ErrorCode", "ErrorContext", "Json", "Meta"],
  ...["ArchiveRequest", "ArchiveResult", "CatchUpReport", "Describe", "Exported", "ExportOptions", "Facts", "Failure"],
  ...["GcOptions", "GcReport", "ImportOptions", "ImportOutcome", "ImportResult", "ImportSource", "KeptVersion"],
  ...["LineRange", "LinesOptions", "ListOptions", "OpOptions", "PlanStep", "Policy", "Progress", "ProgressOptions"],
  ...["PruneOptions", "PruneSessionOptions", "ReadOptions", "Recorder", "RecorderOptions", "RemoveOptions"],
  ...["RemoveResult", "RestoreOptions", "RestoreResult", "Schedule", "SessionBytes", "SessionFile", "SessionInfo"],
  ...["ArchiveName", "SessionFiles", "SinkFile", "Source"],
  ...[
    "SessionLine",
    "SessionLines",
    "SessionState",
    "SettleOptions",
    "SkipReason",
    "StartOptions",
    "SweepOptions",
    "SweepReport",
  ],
  ...["VerifyReport"],
]);
/** For the modules that open stores. */
const OPENERS = new Set([
  ...["ArchiveSink", "Ports", "readOnlyPorts", "readOnlySink"],
  ...["isRecordKey", "memoryArchives", "sessionIdOf"],
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
    if (from !== CORE) found.push({ at, what: `imports ${from}: only ${CORE} is for hosts` });
    else if (!/^\{[^}]*\}$/.test(clause)) found.push({ at, what: `imports all of ${CORE}: name what is needed` });
    else {
      for (const name of namesIn(clause)) {
        if (HOSTS.has(name) || (isOpener && OPENERS.has(name))) continue;
        found.push({ at, what: `imports ${name} of ${CORE}, which is not for hosts` });
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
  for (const opener of openers) if (!files.includes(opener)) throw new Error(`${folder} has no ${opener}.`);
  for (const path of files.sort()) {
    const code = withoutComments(readFileSync(join(folder, path), "utf8"));
    for (const { at, what } of problemsIn(code, openers.includes(path))) {
      console.error(`${join(folder, path)}:${code.slice(0, at).split("\n").length}: ${what}.`);
      count++;
    }
  }
}
if (count > 0) process.exit(1);
