/** A Claude Code home that holds the sessions of the corpus, laid out as the program lays them out. */
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { corpusSessions, type OtherFile } from "./claude-corpus.js";

export interface LaidOutSession {
  readonly uuid: string;
  readonly slug: string;
  /** Absolute path of the transcript. */
  readonly transcript: string;
  /** Absolute paths of all of the session's files, the transcript first. */
  readonly files: readonly string[];
}

export interface ClaudeHome {
  /** What `CLAUDE_CONFIG_DIR` would name: `<folder>/.claude`. */
  readonly home: string;
  /** Absolute: `<home>/projects`. */
  readonly projects: string;
  readonly sessions: readonly LaidOutSession[];
  /** Absolute paths of old subagents whose session is gone. */
  readonly orphans: readonly string[];
  /** Absolute paths of transcripts without a byte, as a resume that failed leaves them. */
  readonly empty: readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Each third session has a large result of a tool. */
const RESULT_BYTES = 300_000;

/**
 * `<folder>/.claude` with all Claude Code sessions of the corpus: transcripts 0600, subagents with their meta files, results
 * of tools, old subagents beside their session, `memory/`, and files of the home that are not sessions. Every file was last
 * changed between 8 and 20 days before `now` (unix ms), a session's files at one time.
 */
export async function layOutClaudeHome(folder: string, corpus: string, now = Date.now()): Promise<ClaudeHome> {
  const home = join(folder, ".claude");
  const projects = join(home, "projects");
  await mkdir(projects, { recursive: true });
  await mkdir(join(home, "sessions"), { mode: 0o700 });
  for (const [name, text] of HOME_FILES) await writeFile(join(home, name), text, { mode: 0o600 });
  const sessions: LaidOutSession[] = [];
  const found = await corpusSessions(corpus);
  for (const [number, { uuid, slug, transcript, beside, inside }] of found.sessions.entries()) {
    const own = join(projects, slug, uuid);
    const copies = new Map([[`${own}.jsonl`, transcript]]);
    for (const path of beside) copies.set(join(projects, slug, basename(path)), path);
    for (const [path, source] of inside) copies.set(join(own, path), source);
    const files = [...copies.keys()];
    for (const [to, from] of copies) await place(to, from);
    for (const path of files.filter((path) => dirname(path).endsWith("/subagents"))) {
      if (path.endsWith(".jsonl")) files.push(await meta(path));
    }
    const lent = found.orphans[number % 7];
    if (lent) files.push(await oldSubagent(join(projects, slug), uuid, lent.path));
    if (number % 3 === 0) files.push(await result(join(own, "tool-results"), uuid));
    await mkdir(join(projects, slug, "memory"), { recursive: true });
    await age(files, now, number);
    sessions.push({ uuid, slug, transcript: `${own}.jsonl`, files });
  }
  const others = async (files: readonly OtherFile[]): Promise<readonly string[]> => {
    const placed = files.map(({ slug, path }) => join(projects, slug, basename(path)));
    for (const [index, { path }] of files.entries()) await place(placed[index] ?? "", path);
    await age(placed, now, sessions.length);
    return placed;
  };
  return { home, projects, sessions, orphans: await others(found.orphans), empty: await others(found.empty) };
}

async function age(files: readonly string[], now: number, number: number): Promise<void> {
  const changed = new Date(now - (8 + (number % 12)) * DAY_MS - number * 1000);
  for (const path of files) await utimes(path, changed, changed);
}

const HOME_FILES = [
  [".credentials.json", "{}\n"],
  ["settings.json", "{}\n"],
  ["history.jsonl", '{"display":"hello"}\n'],
] as const;

async function place(to: string, from: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  await chmod(to, 0o600);
}

async function meta(transcript: string): Promise<string> {
  const path = transcript.replace(/\.jsonl$/, ".meta.json");
  await writeFile(path, JSON.stringify({ agentType: "general-purpose", description: "probe", spawnDepth: 1 }));
  await chmod(path, 0o644);
  return path;
}

/** A subagent from the time when it lay beside its session: the lines of another, which name this session. */
async function oldSubagent(project: string, uuid: string, lent: string): Promise<string> {
  const path = join(project, `agent-${uuid.slice(0, 8)}.jsonl`);
  const text = await readFile(lent, "utf8");
  await writeFile(path, text.replaceAll(/"sessionId":"[^"]*"/g, `"sessionId":"${uuid}"`), { mode: 0o600 });
  return path;
}

/** Text that compresses as a log does, and differs from session to session. */
async function result(folder: string, seed: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${createHash("sha256").update(seed).digest("hex").slice(0, 9)}.txt`);
  let text = "";
  for (let line = 1; text.length < RESULT_BYTES; line++) text += `${seed} step ${line}: ${(line * 7919) % 10_007} ms\n`;
  await writeFile(path, text);
  await chmod(path, 0o644);
  return path;
}

/** All files below a folder, relative to it, sorted. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
