/** A Codex home that holds the sessions of the corpus, laid out as the program lays them out. */
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { corpusThreads } from "./codex-corpus.js";

export interface LaidOutThread {
  readonly nativeId: string;
  readonly cwd: string | undefined;
  /** `sessions` or `archived_sessions`. */
  readonly root: string;
  /** Relative to the root. */
  readonly path: string;
  /** Absolute. */
  readonly location: string;
}

export interface CodexHome {
  /** What `CODEX_HOME` would name: `<folder>/.codex`. */
  readonly home: string;
  readonly threads: readonly LaidOutThread[];
  /** Absolute paths of files that name no thread. */
  readonly others: readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * `<folder>/.codex` with all Codex sessions of the corpus: each fifth in `archived_sessions/`, the others below
 * `sessions/YYYY/MM/DD`, 0644; and files of the home that are not sessions. There are no databases: they would hold
 * absolute paths. Every file was last changed between 8 and 20 days before `now` (unix ms).
 */
export async function layOutCodexHome(folder: string, corpus: string, now = Date.now()): Promise<CodexHome> {
  const home = join(folder, ".codex");
  await mkdir(join(home, "sessions"), { recursive: true });
  await mkdir(join(home, "thread-writer-locks"));
  for (const [name, text] of HOME_FILES) await writeFile(join(home, name), text, { mode: 0o600 });
  const threads: LaidOutThread[] = [];
  const others: string[] = [];
  for (const [number, { nativeId, cwd, fileName, day, bytes }] of (await corpusThreads(corpus)).entries()) {
    const root = number % 5 === 4 ? "archived_sessions" : "sessions";
    const path = root === "sessions" ? `${day}/${fileName}` : fileName;
    const location = join(home, root, path);
    await mkdir(dirname(location), { recursive: true });
    await writeFile(location, bytes, { mode: 0o644, flag: "wx" });
    const changed = new Date(now - (8 + (number % 12)) * DAY_MS - number * 1000);
    await utimes(location, changed, changed);
    if (nativeId === undefined) others.push(location);
    else threads.push({ nativeId, cwd, root, path, location });
  }
  return { home, threads, others };
}

const HOME_FILES = [
  ["auth.json", "{}\n"],
  ["config.toml", 'model = "stub"\n'],
  ["history.jsonl", '{"session_id":"x","ts":1,"text":"hello"}\n'],
] as const;
