/** Reads the bytes behind a name, page by page. Each page looks again who has the name, by the same snapshot. */
import { ArchiverError, type Bytes, mapOrdered, type Range } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { bytesBetween } from "./chunks.js";
import type { Database } from "./database.js";
import { Parameters } from "./parameters.js";
import type { Row } from "./queryable.js";
import { textIn } from "./rows.js";
import type { Heads } from "./stream-writer.js";

/** Bytes that one statement gives. Larger ones were not faster, and took more memory. */
const PAGE_BYTES = 256 * 1024;
/** The next page comes while the consumer works at one. */
const PAGES_AHEAD = 2;

/** What is read, and how its head is understood. */
export interface Wanted {
  /** SHA-256 of these is the row's `k`. */
  readonly key: Uint8Array;
  /** The size of what a row is the head of. Throws if it isn't what is to be read, also if there is none. */
  sizeOf(row: Row | undefined): number;
  /** For the case that another stream has the name since the read began. */
  gone(): Error;
}

interface Page {
  readonly bytes: Uint8Array;
  readonly stream: string;
  readonly size: number;
}

/** The bytes of a range, as far as they exist. */
export async function* readContent(db: Database, heads: Heads, wanted: Wanted, range: Range, call: Call): Bytes {
  const { start, end } = range;
  const first = await pageAt(db, heads, wanted, { start, end: Math.min(end, start + PAGE_BYTES) }, call);
  if (first.bytes.length > 0) yield first.bytes;
  const rest = { start: start + PAGE_BYTES, end: Math.min(end, first.size) };
  const next = async (part: Range): Promise<Uint8Array> => {
    const { stream, bytes } = await pageAt(db, heads, wanted, part, call);
    if (stream !== first.stream) throw wanted.gone();
    return bytes;
  };
  yield* mapOrdered(pagesOf(rest), next, PAGES_AHEAD);
}

function* pagesOf({ start, end }: Range): Generator<Range> {
  for (let from = start; from < end; from += PAGE_BYTES) yield { start: from, end: Math.min(end, from + PAGE_BYTES) };
}

/**
 * As base64: drivers ask for bytes as hex text, which is twice as long. In `pg` that is read half as fast, in PGlite at a fiftieth
 * (docs/adr/0050-postgres-layout.md).
 */
async function pageAt(
  db: Database,
  { table, chunks, columns }: Heads,
  { key, sizeOf }: Wanted,
  { start, end }: Range,
  call: Call,
): Promise<Page> {
  const p = new Parameters();
  const [from, to] = [p.count(start), p.count(end)];
  const [row] = await db.query(
    `SELECT head.*, encode(page.bytes, 'base64') AS base64
     FROM (SELECT stream, ${columns} FROM ${table} WHERE k = sha256(${p.bytes(key)})) AS head
     LEFT JOIN LATERAL (${bytesBetween(chunks, "head.stream", from, `least(${to}, head.size)`)}) AS page ON true`,
    p,
    call,
  );
  const size = sizeOf(row);
  const length = Math.max(0, Math.min(end, size) - start);
  const base64 = row?.["base64"];
  const bytes = typeof base64 === "string" ? plain(Buffer.from(base64, "base64")) : new Uint8Array();
  if (!row || bytes.length !== length) {
    const message = `Stored bytes are missing between offsets ${start} and ${start + length}. Restore a backup.`;
    throw new ArchiverError("CORRUPT", message);
  }
  return { bytes, size, stream: textIn(row, "stream") };
}

/** Bytes that the caller may keep, change and transfer: a small Buffer shares its memory with others. */
function plain(bytes: Buffer): Uint8Array {
  const { buffer, byteOffset, byteLength } = bytes;
  return byteLength < buffer.byteLength ? new Uint8Array(bytes) : new Uint8Array(buffer, byteOffset, byteLength);
}
