/** The transcripts that are open, and the blocks read of them. */
import { ArchiverError, checkCount, hasCode } from "@session-archiver/core";
import { MAX_LINE_CHARS, type Transcript, type TranscriptLine } from "../api.ts";
import type { App } from "../app.ts";
import { kindOf } from "../meta.ts";
import { createBlockCache } from "./block-cache.ts";
import { lineageOf, type OpenTranscript, openTranscript, readableInfo } from "./open-transcript.ts";

const CACHED_BYTES = 32 * 1024 * 1024;
const MOST_OPEN = 8;
const MAX_TRIES = 3;
/** Characters; longer text can't be made into one string everywhere. */
const LONGEST_LINE = 64 * 1024 * 1024;

export interface Transcripts {
  open(id: string): Promise<Transcript>;
  lines(id: string, from: number, to: number): Promise<readonly TranscriptLine[]>;
  line(id: string, index: number): Promise<string>;
  lineCount(id: string): Promise<number>;
}

export function createTranscripts(app: App): Transcripts {
  const cache = createBlockCache(CACHED_BYTES);
  /** In the order of their last use. */
  const opened = new Map<string, OpenTranscript>();
  let indexing = new AbortController();

  /** The transcript as the session is now; opened anew if it isn't what it was. */
  async function current(id: string): Promise<OpenTranscript> {
    const info = await readableInfo(app, id);
    const known = opened.get(id);
    const transcript = known?.lineage === lineageOf(info) ? known : openTranscript(app, info, cache);
    opened.delete(id);
    opened.set(id, transcript);
    const [oldest] = opened.keys();
    if (opened.size > MOST_OPEN && oldest !== undefined) opened.delete(oldest);
    await transcript.refresh(info);
    return transcript;
  }
  /** Deleted, or replaced by another, while it was read: then it is opened again. */
  async function reading<T>(id: string, work: (transcript: OpenTranscript) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await work(await current(id));
      } catch (error) {
        opened.delete(id);
        if (tries >= MAX_TRIES || !hasCode(error, "CONFLICT", "NOT_FOUND")) throw error;
      }
    }
  }
  const lineCount = (id: string): Promise<number> => reading(id, (transcript) => transcript.lineCount());

  return {
    lineCount,
    async open(id) {
      const { meta } = await readableInfo(app, id);
      const count = await lineCount(id);
      // One at a time is looked through in the background: the one that was opened last.
      indexing.abort();
      indexing = new AbortController();
      opened
        .get(id)
        ?.indexAll(indexing.signal)
        .catch(() => {}); // whoever reads on meets the failure
      return { id, kind: kindOf(meta), lineCount: count };
    },
    lines(id, from, to) {
      checkCount(from, "first line");
      checkCount(to, "last line");
      return reading(id, (transcript) => transcript.lines(from, to, MAX_LINE_CHARS));
    },
    async line(id, index) {
      checkCount(index, "line");
      const [line] = await reading(id, (transcript) => transcript.lines(index, index + 1, LONGEST_LINE));
      if (!line) throw new ArchiverError("NOT_FOUND", `Session "${id}" has no line ${index + 1}.`, { id });
      if (!line.truncated) return line.text;
      const message = `Line ${index + 1} has ${line.bytes} bytes, too many to show. Export the session to read it.`;
      throw new ArchiverError("INVALID_ARGUMENT", message, { id });
    },
  };
}
