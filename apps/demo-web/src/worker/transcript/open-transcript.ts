/** One session opened for reading by lines, through every change of state. */
import { ArchiverError, collect, KEY, type SessionInfo } from "@session-archiver/core";
import type { TranscriptLine } from "../api.ts";
import type { App } from "../app.ts";
import { APP_KEY, countedTo, isMarked, numberAt, textAt, titleOf } from "../meta.ts";
import type { BlockCache } from "./block-cache.ts";
import type { Block } from "./checkpoints.ts";
import { createLineIndex, type LineIndex } from "./line-index.ts";
import { lineSplitter } from "./line-splitter.ts";
import { archivedLines } from "./manifest.ts";

const NEWLINE = 10;

export interface OpenTranscript {
  /** Tells it from an earlier session of the same id. */
  readonly lineage: string;
  /** Learns from what the session, of the same lineage, is now. */
  refresh(info: SessionInfo): Promise<void>;
  lineCount(): Promise<number>;
  lines(from: number, to: number, maxChars: number): Promise<readonly TranscriptLine[]>;
  /** Looks for lines where nobody has asked yet, until all are known or the signal is aborted. */
  indexAll(signal: AbortSignal): Promise<void>;
}

/** What must be equal for the bytes to be the same as far as they go: a purge and a deletion begin anew. */
export function lineageOf({ meta }: SessionInfo): string {
  return JSON.stringify([textAt(meta, APP_KEY.born) ?? "", numberAt(meta, KEY.lostBytes) ?? 0]);
}

/** The session as it is; `PRUNED` if it can't be read. */
export async function readableInfo(app: App, id: string): Promise<SessionInfo> {
  const info = await app.archiver.info(id);
  if (isMarked(info.meta, APP_KEY.removing)) {
    throw new ArchiverError("NOT_FOUND", `Session "${id}" has been deleted.`, { id });
  }
  if (info.state !== "pruned") return info;
  const message = `"${titleOf(id, info.meta)}" was pruned: undo that to read it, as long as its bytes are there.`;
  throw new ArchiverError("PRUNED", message, { id });
}

export function openTranscript(app: App, info: SessionInfo, cache: BlockCache): OpenTranscript {
  const { id } = info;
  const lineage = lineageOf(info);
  const counted = countedTo(info.meta);
  const anchor =
    counted && counted.bytes <= info.rawBytes ? { offset: counted.bytes, line: counted.newlines } : undefined;
  const read = ({ start, end }: Block) => app.archiver.read(id, { range: { start, end } });
  const index: LineIndex = createLineIndex(read, anchor);
  let manifest: string | undefined;

  async function blockBytes(block: Block): Promise<Uint8Array> {
    const key = JSON.stringify([id, lineage, block.start, block.end]);
    const bytes = await cache.get(key, () => collect(read(block)));
    if (bytes.length === block.end - block.start) return bytes;
    throw new ArchiverError("CONFLICT", `Session "${id}" changed while it was read.`, { id });
  }
  return {
    lineage,
    async refresh(now) {
      const current = textAt(now.meta, KEY.archiveManifest);
      if (current !== manifest) {
        const known = await archivedLines(app.stores, id, now.meta);
        if (known) await index.adopt(known.checkpoints, known.end);
        manifest = current;
      }
      await index.extendTo(now.rawBytes);
    },
    async lineCount() {
      const { offset, line } = index.end;
      if (offset === 0) return 0;
      const block = await index.blockAt(offset - 1);
      const last = (await blockBytes(block))[offset - 1 - block.start];
      return last === NEWLINE ? line : line + 1;
    },
    async lines(from, to, maxChars) {
      const size = index.end.offset;
      const start = await index.seek(from);
      const splitter = lineSplitter(from, to, start.line, maxChars);
      for (let at = start.offset; at < size && !splitter.isDone; ) {
        const block = await index.blockAt(at);
        splitter.add((await blockBytes(block)).subarray(at - block.start));
        at = block.end;
      }
      return splitter.end();
    },
    async indexAll(signal) {
      while (!signal.aborted && (await index.grow()));
    },
  };
}
