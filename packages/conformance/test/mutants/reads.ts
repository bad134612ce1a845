/** Defects in how bytes are read. */
import { ArchiverError, type ByteRange, bytesOf, hasCode, toBytes } from "@session-archiver/core";
import { inReads, type Mutant } from "./mutant.js";

/** The range with its ends moved. */
function moved(range: ByteRange | undefined, byStart: number, byEnd: number): ByteRange {
  const { start = 0, end } = range ?? {};
  return end === undefined ? { start: start + byStart } : { start: start + byStart, end: end + byEnd };
}

const FEW = "read: every range of a few bytes is exactly those bytes";
const LARGE = "read: ranges of large bytes are exact at every boundary";
const EMPTY = "read: empty ranges, ranges past the end and empty entries give nothing";
const INVALID = "read: a negative, fractional or reversed range is INVALID_ARGUMENT";
const ABSENT = "read: NOT_FOUND if the entry is absent or was deleted, also for an empty range";
const HALF_WAY = "read: bytes deleted half-way come to their end or NOT_FOUND, never cut short";

const ROUND_TRIPS = [
  "a session is archived, read from the archive, and restored byte for byte",
  "a session that goes on after its archive loses neither part",
];

export const readMutants: readonly Mutant[] = [
  inReads("starts one byte late", [FEW, LARGE], () => (source, range, op) => {
    if (!range || range.start === 0) return source.read(range, op);
    return source.read(moved(range, 1, 1), op);
  }),
  inReads("takes the end as inclusive", [FEW, EMPTY], () => (source, range, op) => source.read(moved(range, 0, 1), op)),
  inReads(
    "ignores the end of the range",
    [FEW, LARGE, EMPTY],
    () => (source, range, op) => source.read(range && { start: range.start }, op),
  ),
  inReads(
    "refuses a range that ends past the data",
    [FEW, EMPTY],
    () =>
      async function* (source, range, op) {
        const size = (await source.size()) ?? 0;
        if (range?.end !== undefined && range.end > size) throw new ArchiverError("INVALID_ARGUMENT", "Past the end.");
        yield* source.read(range, op);
      },
  ),
  inReads(
    "loses a byte where 64 KiB chunks meet",
    [LARGE, ...ROUND_TRIPS],
    () =>
      async function* (source, range, op) {
        const start = range?.start ?? 0;
        const end = range?.end ?? (await source.size()) ?? 0;
        const meets = Math.ceil((start + 1) / 65_536) * 65_536;
        if (meets >= end) return yield* source.read(range, op);
        yield* source.read({ start, end: meets - 1 }, op);
        yield* source.read({ start: meets, end }, op);
      },
  ),
  inReads("accepts an impossible range", [INVALID], () => (source, range, op) => {
    if (!range) return source.read(undefined, op);
    const start = Math.max(Math.trunc(range.start) || 0, 0);
    const end = range.end === undefined ? undefined : Math.max(Math.trunc(range.end) || 0, start);
    return source.read({ start, end }, op);
  }),
  inReads(
    "gives everything in one chunk",
    ["read: large bytes come in chunks of bounded size"],
    () =>
      async function* (source, range, op) {
        yield await toBytes(source.read(range, op));
      },
  ),
  inReads(
    "fills the same array for each chunk",
    ["read: chunks may be kept while reading goes on"],
    () =>
      async function* (source, range, op) {
        const buffer = new Uint8Array(256 * 1024);
        for await (const chunk of source.read(range, op)) {
          buffer.set(chunk);
          yield buffer.subarray(0, chunk.length);
        }
      },
  ),
  inReads(
    "goes on by the length that its last chunk has afterwards",
    ["read: chunks may be transferred elsewhere while reading goes on"],
    () =>
      async function* (source, range, op) {
        const bytes = await toBytes(source.read(range, op));
        for (let from = 0; from < bytes.length; ) {
          const chunk = bytes.slice(from, from + 65_536);
          yield chunk;
          from += chunk.length;
        }
      },
  ),
  inReads("gives its own cached arrays away", ["read: changing the chunks doesn't reach the store"], () => {
    let cache: Uint8Array | undefined;
    return async function* (source, range, op) {
      if (range) return yield* source.read(range, op);
      cache ??= await toBytes(source.read(range, op));
      yield cache;
    };
  }),
  inReads(
    "allows only one read at a time, and a read that is left early still counts",
    ["read: many may read at once, and leave early"],
    () => {
      let reading = false;
      return async function* (source, range, op) {
        if (reading) throw new ArchiverError("UNAVAILABLE", "Busy.");
        reading = true;
        yield* source.read(range, op);
        reading = false;
      };
    },
  ),
  inReads(
    "gives nothing for an absent entry",
    [ABSENT],
    () =>
      async function* (source, range, op) {
        if ((await source.size()) !== undefined) yield* source.read(range, op);
      },
  ),
  inReads(
    "doesn't check that the entry exists if the range is empty",
    [ABSENT],
    () => (source, range, op) => (range && range.start === range.end ? bytesOf() : source.read(range, op)),
  ),
  inReads(
    "ends early without an error when the entry is deleted",
    [HALF_WAY],
    () =>
      async function* (source, range, op) {
        for await (const chunk of source.read(range, op)) {
          yield chunk;
          if ((await source.size()) === undefined) return;
        }
      },
  ),
  inReads(
    "ends quietly when something fails half-way",
    [HALF_WAY, "port: read and list aborted half-way stop"],
    () =>
      async function* (source, range, op) {
        let read = 0;
        try {
          for await (const chunk of source.read(range, op)) {
            if (read > 0 && (await source.size()) === undefined) throw new ArchiverError("NOT_FOUND", "Gone.");
            read += chunk.length;
            yield chunk;
          }
        } catch (error) {
          if (read === 0 || !hasCode(error, "NOT_FOUND", "ABORTED")) throw error;
        }
      },
  ),
  inReads(
    "ignores the signal",
    [
      "port: stat, read, list and delete with an aborted signal do nothing",
      "port: read and list aborted half-way stop",
    ],
    () => (source, range) => source.read(range),
  ),
].flat();
