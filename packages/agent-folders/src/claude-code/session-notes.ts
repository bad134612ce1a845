/** `sessions/<pid>.json`: what each running Claude Code notes of itself. The `.key` beside it is never opened. */
import { concat, hasCode, type OpOptions } from "@session-archiver/core";
import { parseJson } from "@session-archiver/transcripts";
import type { Files } from "../files.js";
import { mtimeMsOf } from "../unit.js";

export interface RunningNote {
  readonly pid: number;
  /** The session that it runs; `undefined`: it can't be seen from the note, so it may be any. */
  readonly sessionId: string | undefined;
  /** When the process was started, in the system's own form. */
  readonly procStart: string | undefined;
  /** Where `pid` counts: see `Processes.domain`. */
  readonly pidDomain: string | undefined;
  /** Unix ms: the last sign of life that the note shows. */
  readonly aliveAt: number;
}

const NOTE = /^(\d{1,10})\.json$/;
/** They have about 600 bytes. */
const MOST_BYTES = 256 * 1024;

/** `folder`: absolute path of `sessions`. */
export async function runningNotes(folder: string, files: Files, op: OpOptions): Promise<readonly RunningNote[]> {
  const notes: RunningNote[] = [];
  for (const name of await files.list(folder)) {
    const pid = Number(NOTE.exec(name)?.[1]);
    if (!Number.isSafeInteger(pid)) continue;
    const note = await noteIn(`${folder}/${name}`, pid, files, op);
    if (note) notes.push(note);
  }
  return notes;
}

/** A note that can't be read, or says nothing of use, stands for any session. `undefined`: it is gone. */
async function noteIn(path: string, pid: number, files: Files, op: OpOptions): Promise<RunningNote | undefined> {
  const look = await files.look(path);
  if (!look) return undefined;
  const changedAt = mtimeMsOf({ look });
  const said = await contentOf(path, files, op);
  if (said === "gone") return undefined;
  const { sessionId, procStart, pidDomain, updatedAt, startedAt } = said ?? {};
  const times = [updatedAt, startedAt].filter((time): time is number => typeof time === "number" && time >= 0);
  return {
    pid,
    sessionId: textIn(sessionId),
    procStart: textIn(procStart),
    pidDomain: textIn(pidDomain),
    aliveAt: Math.max(changedAt, ...times),
  };
}

const textIn = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

const objectIn = (value: unknown): Content | undefined =>
  typeof value === "object" && value !== null ? (value as Content) : undefined;

type Content = { readonly [key: string]: unknown };

async function contentOf(path: string, files: Files, op: OpOptions): Promise<Content | "gone" | undefined> {
  try {
    const file = await files.open(path);
    if (!file) return "gone";
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of file.read({ start: 0, end: MOST_BYTES })) chunks.push(chunk);
      return objectIn(parseJson(new TextDecoder().decode(concat(chunks))));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, "ABORTED") || op.signal?.aborted) throw error;
    return undefined;
  }
}
