/** The program's own processes on real sessions, or on generated ones where there are none. */
import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { CORPUS, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { expect } from "vitest";
import type { ListedSession, SessionDetails } from "../../src/index.js";
import { type Ended, ended, startProgram } from "./program.js";
import { transcript, writeFiles } from "./sessions.js";

if (!hasCorpus) console.warn(`${NO_CORPUS}: generated ones instead`);

export interface Program {
  readonly folder: string;
  run(...words: string[]): Promise<Ended>;
  /** The document of a command that must succeed. */
  json<Document>(...words: string[]): Promise<Document>;
}

/** `always`: words before those of every command. */
export function programIn(
  folder: string,
  always: readonly string[] = [],
  env: Readonly<Record<string, string | undefined>> = {},
): Program {
  const run = (...words: string[]): Promise<Ended> => ended(startProgram({ cwd: folder, env }, ...always, ...words));
  return {
    folder,
    run,
    async json(...words) {
      const { exitCode, stdout, stderr } = await run("--json", ...words);
      expect([words, exitCode, exitCode === 0 ? "" : stderr]).toEqual([words, 0, ""]);
      return JSON.parse(stdout);
    },
  };
}

/** Of the corpus: 22 sessions of 10 MB, from 560 bytes to 5.5 MB. */
const FOLDERS = ["entireio__cli", "entireio__git-sync", "moredip__session-share", "wesm__agentsview"];

/** The folders of files to import. */
export async function sessionsFor({ folder }: Program): Promise<readonly string[]> {
  if (hasCorpus) return FOLDERS.map((name) => join(CORPUS, "claude-code", name));
  await writeFiles(folder, Object.fromEntries([20, 200, 2000].map((n) => [`p/s${n}.jsonl`, transcript(n)])));
  return [await realpath(join(folder, "p"))];
}

export async function listedBy(program: Program): Promise<readonly ListedSession[]> {
  return (await program.json<{ sessions: readonly ListedSession[] }>("list", "--all")).sessions;
}

/** By session: the bytes of the file that it was imported from. */
export async function filesBy(program: Program): Promise<ReadonlyMap<string, Buffer>> {
  const ids = (await listedBy(program)).map(({ id }) => id);
  const details = await program.json<readonly SessionDetails[]>("info", "--", ...ids);
  const read = details.map(async ({ id, meta }) => {
    const { location = "" } = meta["session:source"] as { readonly location?: string };
    return [id, await readFile(location)] as const;
  });
  return new Map(await Promise.all(read));
}

/** Reads the largest sessions, and a few others, through the program. */
export async function expectWhole(program: Program, files: ReadonlyMap<string, Buffer>, most = 4): Promise<void> {
  const bySize = [...files].sort(([, a], [, b]) => b.length - a.length);
  for (const [id, file] of [...bySize.slice(0, most / 2), ...bySize.slice(-most / 2)]) {
    const { exitCode, bytes } = await program.run("cat", "--", id);
    expect([id, exitCode, bytes.equals(file)]).toEqual([id, 0, true]);
  }
}
