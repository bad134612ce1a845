/**
 * Makes of the pieces that were found a file of whole lines. Beside a hole, a line may have been cut in two: what is
 * left of it is left out, so that readers of JSONL can use the rest; it stays readable in quarantine.
 */
import { concat } from "../../bytes.js";
import { combineCrc32, crc32 } from "../../format/crc32.js";
import type { Bytes } from "../../ports.js";
import type { LostLines } from "../../session/salvage-notes.js";
import type { Found, Run, Saved } from "./saved.js";

const NEWLINE = 10;
/** A line that begins after a hole is taken for whole only if it can be parsed, and so only up to this size. */
const MOST_PARSED = 16 * 1024 * 1024;
/** More ranges are noted as one, so that metadata stay small. */
const MOST_RANGES = 1000;

/** The bytes `[from, to)` of a piece. */
interface Part {
  readonly saved: Saved;
  readonly from: number;
  readonly to: number;
}

export interface WholeLines {
  readonly rawBytes: number;
  readonly crc32: number;
  readonly lostLines: readonly LostLines[];
  readonly isExact: boolean;
  readonly unproven: boolean;
  /** Can be read several times. */
  bytes(): Bytes;
}

export async function wholeLines({ runs, totalLines, isExact }: Found): Promise<WholeLines> {
  const parts: Part[] = [];
  const lost: LostLines[] = [];
  let next = 0;
  let isPlaced = true;
  let isToEnd = false;
  for (const run of runs) {
    const start = run.isFirst ? { piece: 0, at: 0, dropped: 0 } : await startOf(run);
    const end = await endOf(run);
    const kept = start && end ? between(run, start, end) : [];
    if (kept.length === 0) continue;
    parts.push(...kept);
    if (run.line === undefined) {
      isPlaced = false;
      continue;
    }
    const first = run.line + (start?.dropped ?? 0);
    if (first > next) lost.push([next, first]);
    next = run.line + run.pieces.reduce((sum, { newlines }) => sum + newlines, 0);
    isToEnd = run.isLast;
  }
  if (!isToEnd) {
    if (totalLines === undefined) lost.push([next, null]);
    else if (totalLines > next) lost.push([next, totalLines]);
  }
  const unproven = parts.some(({ saved }) => !saved.proven);
  let crc = 0;
  for (const { saved, from, to } of parts) {
    const isAll = from === 0 && to === saved.rawSize;
    crc = combineCrc32(crc, isAll ? saved.crc32 : crc32((await saved.read()).subarray(from, to)), to - from);
  }
  return {
    rawBytes: parts.reduce((sum, { from, to }) => sum + to - from, 0),
    crc32: crc,
    lostLines: fewer(lost),
    // Damage that was not noticed may have taken line ends along.
    isExact: isPlaced && (isToEnd || isExact) && !unproven && lost.length <= MOST_RANGES,
    unproven,
    async *bytes() {
      for (const { saved, from, to } of parts) yield (await saved.read()).subarray(from, to);
    },
  };
}

interface Place {
  readonly piece: number;
  readonly at: number;
}

/** Where the first whole line of a run after a hole begins, and how many lines before that are left out. */
async function startOf({ pieces, isLast }: Run): Promise<(Place & { readonly dropped: number }) | undefined> {
  const head: Uint8Array[] = [];
  let size = 0;
  for (const [piece, saved] of pieces.entries()) {
    const raw = await saved.read();
    const newline = raw.indexOf(NEWLINE);
    const part = newline === -1 ? raw : raw.subarray(0, newline);
    size += part.length;
    if (size <= MOST_PARSED) head.push(part);
    if (newline === -1 && !(isLast && piece === pieces.length - 1)) continue;
    if (size <= MOST_PARSED && isObject(concat(head))) return { piece: 0, at: 0, dropped: 0 };
    return newline === -1 ? undefined : { piece, at: newline + 1, dropped: 1 };
  }
  return undefined;
}

/** Where the last whole line of a run ends. */
async function endOf({ pieces, isLast }: Run): Promise<Place | undefined> {
  if (isLast) return { piece: pieces.length - 1, at: pieces.at(-1)?.rawSize ?? 0 };
  for (let piece = pieces.length - 1; piece >= 0; piece--) {
    const newline = (await pieces[piece]?.read())?.lastIndexOf(NEWLINE) ?? -1;
    if (newline !== -1) return { piece, at: newline + 1 };
  }
  return undefined;
}

function between({ pieces }: Run, start: Place, end: Place): readonly Part[] {
  return pieces.flatMap((saved, piece) => {
    if (piece < start.piece || piece > end.piece) return [];
    const from = piece === start.piece ? start.at : 0;
    const to = piece === end.piece ? end.at : saved.rawSize;
    return to > from ? [{ saved, from, to }] : [];
  });
}

/** The end of an object's text is never one itself. */
function isObject(line: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function fewer(lost: readonly LostLines[]): readonly LostLines[] {
  const rest = lost.slice(MOST_RANGES - 1);
  const [first, last] = [rest[0], rest.at(-1)];
  return first && last && rest.length > 1 ? [...lost.slice(0, MOST_RANGES - 1), [first[0], last[1]]] : lost;
}
