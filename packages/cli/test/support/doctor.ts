/** Stores for doctor to look at, and what it may answer in the machine's place. */
import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { Finding } from "../../src/doctor/finding.js";
import { type DoctorPlaces, placeFindings, realProbes } from "../../src/doctor/places.js";
import type { Probes } from "../../src/doctor/probes.js";
import { type Cli, newCli } from "./cli.js";
import { makeSessions } from "./reading.js";
import { transcript, writeFiles } from "./sessions.js";

export interface Looked {
  readonly cli: Cli;
  readonly home: string;
  readonly places: DoctorPlaces;
  /** What doctor finds now. */
  find(more?: Partial<DoctorPlaces>, probes?: Partial<Probes>): Promise<readonly Finding[]>;
}

/** A store with a session in every state, in a folder of its own; `fs`: in plain files. */
export async function newStore(kind: "sqlite" | "fs" = "sqlite", at = "home"): Promise<Looked> {
  const always = kind === "fs" ? ["--store", `fs:${at}`, "--archives", `fs:${at}/archives`] : ["--home", at];
  const cli = await newCli(...always);
  await makeSessions(cli);
  return lookedAt(cli, kind, join(cli.folder, at));
}

/** Archives one more session, too long for an inline manifest. */
export async function addLong({ cli }: Looked): Promise<void> {
  await writeFiles(cli.folder, { "q/long.jsonl": transcript(800, undefined, "long") });
  for (const words of [
    ["import", "q"],
    ["archive", "long"],
  ]) {
    const { exitCode, stderr } = await cli.run(...words);
    if (exitCode !== 0) throw new Error(stderr);
  }
}

export function lookedAt(cli: Cli, kind: "sqlite" | "fs", home: string): Looked {
  const places: DoctorPlaces = {
    home,
    store: kind === "fs" ? { kind, path: home } : { kind, path: join(home, "sessions.db") },
    sink: { kind: "fs", path: join(home, "archives") },
    env: { HOME: cli.folder },
    platform: process.platform,
    // The disk of the machine that runs the tests may be nearly full.
    probes: { ...realProbes(), space: async () => ({ freeBytes: 1e12, freeFiles: 1e6 }) },
  };
  return {
    ...{ cli, home, places },
    async find(more = {}, probes = {}) {
      const found: Finding[] = [];
      const all = { ...places, ...more, probes: { ...places.probes, ...probes } };
      for await (const finding of placeFindings(all)) found.push(finding);
      return found;
    },
  };
}

/** Kind and severity of each, sorted. */
export function kindsOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ kind, severity }) => `${severity} ${kind}`).sort();
}

/** The only finding of this kind. */
export function only(findings: readonly Finding[], kind: string): Finding {
  const found = findings.filter((finding) => finding.kind === kind);
  const [finding] = found;
  if (!finding || found.length > 1) throw new Error(`${found.length} of ${kind} among ${kindsOf(findings).join(", ")}`);
  return finding;
}

/** Files below a folder, with their archives first. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A file of a session's archive, by its session and ending. */
export async function archiveFile(home: string, id: string, ending = ".jsonl.gz"): Promise<string> {
  const files = await filesIn(join(home, "archives"));
  const found = files.find((path) => path.includes(`/${id}.`) && path.endsWith(ending));
  if (found === undefined) throw new Error(`no ${ending} of ${id}`);
  return found;
}

/** Everything that a look could change: names, modes, owners, sizes, times of change, bytes. */
export async function treeHash(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    const { mode, uid, gid, size, mtimeNs, ctimeNs, ino } = await lstat(path, { bigint: true });
    hash.update([name, mode, uid, gid, size, mtimeNs, ctimeNs, ino].join("\0"));
    const stats = await lstat(path);
    if (stats.isFile()) hash.update(await readFile(path));
    if (stats.isSymbolicLink()) hash.update(await readlink(path));
  }
  return hash.digest("hex");
}
