/** What a read gives: bytes to iterate, or to have whole, as text or by lines. */
import { toBytes } from "../bytes.js";
import { ArchiverError } from "../errors.js";
import type { Bytes } from "../ports.js";

/**
 * A session's bytes. Nothing is read before they are iterated, or one of the methods is called; each of these reads anew.
 * Text is UTF-8 as `Response.text()` reads it: without a byte order mark at its start, and with U+FFFD for what is no UTF-8.
 */
export interface SessionBytes extends Bytes {
  /** All as one string: for what is known to be of a moderate size. */
  text(): Promise<string>;
  /** All as one array, which the caller may keep and change. */
  bytes(): Promise<Uint8Array>;
  /** The lines one by one, without the `\n` or `\r\n` that ends them; blank ones too, and an unfinished last one. */
  lines(): AsyncIterable<string>;
}

/** `open` is called for each reading, when it begins. */
export function sessionBytes(open: () => Bytes): SessionBytes {
  return {
    [Symbol.asyncIterator]: () => open()[Symbol.asyncIterator](),
    bytes: () => fitting(() => toBytes(open())),
    text: () =>
      fitting(async () => {
        let text = "";
        for await (const part of decoded(open())) text += part;
        return text;
      }),
    lines: () => ({ [Symbol.asyncIterator]: () => linesOf(open()) }),
  };
}

async function* decoded(bytes: Bytes): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

async function* linesOf(bytes: Bytes): AsyncGenerator<string> {
  let begun = "";
  for await (const part of decoded(bytes)) {
    let from = 0;
    for (let end = part.indexOf("\n"); end !== -1; end = part.indexOf("\n", from)) {
      const line = begun + part.slice(from, end);
      yield line.endsWith("\r") ? line.slice(0, -1) : line;
      begun = "";
      from = end + 1;
    }
    begun = await fitting(() => begun + part.slice(from));
  }
  if (begun !== "") yield begun;
}

/** Strings end at half a gigabyte or so, arrays at some gigabytes. */
async function fitting<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = "These are more bytes than one value can hold: iterate over them, or read a range.";
    throw new ArchiverError("INVALID_ARGUMENT", message, { cause });
  }
}
