/** Reads an object, in one request unless the connection breaks. */
import { ArchiverError, archiveGone, type Bytes, type Range, requireArchive } from "@session-archiver/core/adapter";
import type { Call } from "../call.js";
import { failureOf } from "../failure.js";
import { type Answer, isAbsent, isOk, isRefused } from "../http/answer.js";
import { textOf } from "../http/xml.js";
import type { Objects } from "./objects.js";

/** What one request gives. */
interface Part {
  readonly stream: AsyncIterable<Uint8Array>;
  /** Bytes of the stream that come before those that were asked for: the server doesn't know ranges. */
  readonly skip: number;
  /** Those that were asked for and are there; `undefined` if the server doesn't say. */
  readonly length: number | undefined;
  /** Names the content. */
  readonly etag: string | undefined;
}

/** The bytes of the range that exist. `NOT_FOUND` if there is no object of this name, or it is another one now. */
export async function* readObject(objects: Objects, name: string, key: string, range: Range, call: Call): Bytes {
  if (range.start === range.end) {
    requireArchive(await objects.head(name, call), key);
    return;
  }
  let at = range.start;
  let end = range.end;
  let etag: string | undefined;
  for (let failures = 0; at < end; ) {
    const part = await openAt(objects, name, key, { start: at, end }, etag, call);
    if (!part) return;
    etag ??= part.etag;
    if (part.length !== undefined) end = at + part.length;
    try {
      for await (const chunk of wanted(part, end - at)) {
        at += chunk.length;
        failures = 0;
        yield chunk;
      }
      if (part.length === undefined) return;
      if (at < end) throw new Error("the answer ended too early");
    } catch (error) {
      objects.requests.mayRun(call);
      failures++;
      // Without a name for the content, the rest may be of another one.
      if (failures >= objects.requests.tries || etag === undefined) throw objects.requests.unreachable(error, call);
      await objects.requests.pause(failures);
    }
  }
}

async function openAt(
  objects: Objects,
  name: string,
  key: string,
  { start, end }: Range,
  etag: string | undefined,
  call: Call,
): Promise<Part | undefined> {
  const isWhole = start === 0 && end === Number.MAX_SAFE_INTEGER;
  const last = end === Number.MAX_SAFE_INTEGER ? "" : String(end - 1);
  const headers = {
    ...(!isWhole && { range: `bytes=${start}-${last}` }),
    ...(etag !== undefined && { "if-match": etag }),
  };
  const answer = await objects.send({ method: "GET", name, headers, streams: true }, call);
  if (isAbsent(answer) || isRefused(answer)) throw archiveGone(key);
  if (answer.status === 416) {
    await checkBeyond(objects, name, key, start, answer, call);
    return undefined;
  }
  const { stream, header } = answer;
  if (!isOk(answer) || !stream) throw failureOf(answer, call);
  const length = Number(header("content-length") ?? Number.NaN);
  const skip = answer.status === 206 ? 0 : start;
  const there = Math.max(0, length - skip);
  return { stream, skip, length: Number.isNaN(there) ? undefined : Math.min(there, end - start), etag: header("etag") };
}

/** A range that can't be given is empty only if it lies beyond the end. */
async function checkBeyond(objects: Objects, name: string, key: string, start: number, answer: Answer, call: Call) {
  const said = /\*\/(\d+)$/.exec(answer.header("content-range") ?? "")?.[1] ?? textOf(answer.text, "ActualObjectSize");
  const size = said === undefined ? requireArchive(await objects.head(name, call), key).size : Number(said);
  if (start < size)
    throw new ArchiverError("UNAVAILABLE", `The bucket refuses a range from ${start} of ${size} bytes.`, call);
}

/** Arrays that the caller may keep, change and transfer: one that shares its buffer is copied. */
async function* wanted({ stream, skip }: Part, length: number): Bytes {
  let left = skip;
  let rest = length;
  for await (const whole of stream) {
    const chunk = whole.subarray(left, left + rest);
    left -= Math.min(left, whole.length);
    rest -= chunk.length;
    if (chunk.length > 0) yield chunk.length === chunk.buffer.byteLength ? chunk : chunk.slice();
    if (rest <= 0) return;
  }
}
