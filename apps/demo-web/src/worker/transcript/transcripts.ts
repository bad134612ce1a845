/** The transcripts that are open. */
import { ArchiverError, hasCode, type SessionInfo, type SessionLines } from "@session-archiver/core";
import { MAX_LINE_CHARS, type Transcript, type TranscriptLine } from "../api.ts";
import type { App } from "../app.ts";
import { kindOf, titleOf } from "../meta.ts";

const MOST_OPEN = 8;
/** The size of each one's cache. */
const CACHED_BYTES = 4 * 1024 * 1024;
const MAX_TRIES = 3;

export interface Transcripts {
  open(id: string): Promise<Transcript>;
  lines(id: string, from: number, to: number): Promise<readonly TranscriptLine[]>;
  line(id: string, index: number): Promise<string>;
  lineCount(id: string): Promise<number>;
}

export function createTranscripts(app: App): Transcripts {
  /** Ordered by last use. */
  const opened = new Map<string, Promise<SessionLines>>();
  let indexing = new AbortController();

  /** The session's lines, up to date; opened unless they are open already. */
  async function current(id: string): Promise<SessionLines> {
    const known = opened.get(id);
    const opening = known ?? app.archiver.openLines(id, { cacheBytes: CACHED_BYTES });
    opened.delete(id);
    opened.set(id, opening);
    const [oldest] = opened.keys();
    if (opened.size > MOST_OPEN && oldest !== undefined) opened.delete(oldest);
    const lines = await opening;
    if (known) await lines.refresh();
    return lines;
  }
  /** If the session was deleted or replaced while it was read, opens it again. */
  async function reading<T>(id: string, work: (lines: SessionLines) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await work(await current(id));
      } catch (error) {
        opened.delete(id);
        if (hasCode(error, "PRUNED")) throw pruned(await app.archiver.info(id), error);
        if (tries >= MAX_TRIES || !hasCode(error, "CONFLICT", "NOT_FOUND")) throw error;
      }
    }
  }
  const lineCount = (id: string): Promise<number> => reading(id, (lines) => lines.lineCount());

  return {
    lineCount,
    async open(id) {
      const info = await app.archiver.info(id);
      const count = await lineCount(id);
      // Only one transcript at a time is indexed in the background: the one that was opened last.
      indexing.abort();
      indexing = new AbortController();
      const { signal } = indexing;
      opened
        .get(id)
        ?.then((lines) => lines.indexAll(signal))
        .catch(() => {}); // the next read reports the failure
      return { id, kind: kindOf(info), lineCount: count };
    },
    lines: (id, from, to) => reading(id, (lines) => lines.lines(from, to, { maxChars: MAX_LINE_CHARS })),
    async line(id, index) {
      const [line] = await reading(id, (lines) => lines.lines(index, index + 1));
      if (!line) throw new ArchiverError("NOT_FOUND", `Session "${id}" has no line ${index + 1}.`, { id });
      if (!line.truncated) return line.text;
      const message = `Line ${index + 1} has ${line.bytes} bytes, too many to show. Export the session to read it.`;
      throw new ArchiverError("INVALID_ARGUMENT", message, { id });
    },
  };
}

function pruned(info: SessionInfo, cause: unknown): ArchiverError {
  const { id } = info;
  const message = `"${titleOf(info)}" was pruned: undo that to read it, as long as its bytes are there.`;
  return new ArchiverError("PRUNED", message, { id, cause });
}
