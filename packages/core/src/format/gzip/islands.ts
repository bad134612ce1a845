/** Finds the segments of a damaged archive file that still inflate, by their markers. */
import { toBytes } from "../../bytes.js";
import type { Codec } from "../../codec/codec.js";
import { throwIfAborted } from "../../errors.js";
import { newlinesIn } from "../../jsonl.js";
import type { ArchiveSink, OpOptions } from "../../ports.js";
import { crc32 } from "../crc32.js";
import { MAX_SEGMENTS } from "../manifest.js";
import { indexOfMarker, MOST_REJECTED, tryInflate } from "../scan.js";
import { lookAtText, type TextLook } from "../text-look.js";
import { HEADER, MARKER, MAX_SEGMENT_BYTES, MAX_STORED_SEGMENT_BYTES, TRAILER_BYTES } from "./frame.js";

/** A segment that inflates. Nothing else proves it: damage that still inflates is not noticed. */
export interface Island {
  readonly archiveOffset: number;
  readonly archiveSize: number;
  readonly rawSize: number;
  /** CRC-32 of the raw bytes as they are now. */
  readonly crc32: number;
  /** Line ends in the raw bytes. */
  readonly newlines: number;
  readonly text: TextLook;
}

/** Enough for an ordinary segment; doubled until the segment fits. */
const FIRST_LOOK = 512 * 1024;

/**
 * In the order of the file. After damage it goes on behind the next marker, if `goesOn`. It ends after
 * `MOST_REJECTED` places that don't inflate: a hostile file can hold endless false markers.
 */
export async function findIslands(
  sink: ArchiveSink,
  codec: Codec,
  { key, size, goesOn }: { readonly key: string; readonly size: number; readonly goesOn: boolean },
  op: OpOptions = {},
): Promise<readonly Island[]> {
  const found: Island[] = [];
  let rejected = 0;
  const read = (start: number, end: number): Promise<Uint8Array> => toBytes(sink.read(key, { start, end }, op));
  /** The bytes read last: small segments are found without another read. */
  let last = { start: 0, bytes: new Uint8Array() as Uint8Array };
  const windowAt = async (start: number, look: number, isFirst: boolean): Promise<Uint8Array> => {
    const known = start < last.start ? new Uint8Array() : last.bytes.subarray(start - last.start);
    if (isFirst && indexOfMarker(known, 1) !== -1) return known;
    last = { start, bytes: await read(start, Math.min(size, start + look)) };
    return last.bytes;
  };

  /** The segment that starts here, or else where the first marker after here ends. */
  const lookAt = async (start: number): Promise<Island | number | undefined> => {
    let firstEnd: number | undefined;
    for (let look = FIRST_LOOK, searched = 0, isFirst = true; ; ) {
      const window = await windowAt(start, look, isFirst);
      for (let at = indexOfMarker(window, searched); at !== -1; at = indexOfMarker(window, at + 1)) {
        searched = at + 1;
        firstEnd ??= start + at + MARKER.length;
        const raw = at === 0 ? undefined : await tryInflate(codec, window.subarray(0, at), MAX_SEGMENT_BYTES);
        if (raw && raw.length > 0) {
          const sizes = { archiveOffset: start, archiveSize: at + MARKER.length, rawSize: raw.length };
          return { ...sizes, crc32: crc32(raw), newlines: newlinesIn(raw), text: lookAtText(raw) };
        }
        if (++rejected >= MOST_REJECTED) return undefined;
      }
      // A store that gives fewer bytes than it was asked for gives no more of them another time.
      const isCut = !isFirst && window.length < look;
      const isAll = isCut || start + window.length >= size || window.length > MAX_STORED_SEGMENT_BYTES;
      if (isAll) return firstEnd ?? nextMarkerEnd(start + 1);
      if (!isFirst) look *= 2;
      isFirst = false;
    }
  };
  const nextMarkerEnd = async (from: number): Promise<number | undefined> => {
    for (let start = from; start < size; start += FIRST_LOOK) {
      const at = indexOfMarker(await read(start, start + FIRST_LOOK + MARKER.length - 1), 0);
      if (at !== -1) return start + at + MARKER.length;
    }
    return undefined;
  };

  for (let start = HEADER.length; start + TRAILER_BYTES < size && found.length < MAX_SEGMENTS; ) {
    throwIfAborted(op.signal, { key });
    const next = await lookAt(start);
    if (typeof next === "object") {
      found.push(next);
      start = next.archiveOffset + next.archiveSize;
    } else {
      if (next === undefined || !goesOn) break;
      start = next;
    }
  }
  return found;
}
