/** Sources that the tests of imports read, in memory. */
import { Readable } from "node:stream";
import { crc32 } from "../../../src/format.js";
import { bytesOf, type ImportSource } from "../../../src/index.js";
import { encode } from "../../support.js";

export interface TestSource extends ImportSource {
  /** Bytes that were read of it so far. */
  readonly read: ImportSource["read"];
  bytesRead(): number;
}

/** Not many chunks, however large it is. */
const chunkOf = (size: number): number => Math.max(1000, Math.ceil(size / 100));

/** A source that holds this text or these bytes; of a version that goes by them, if none is given. */
export function sourceOf(content: string | Uint8Array, more: Partial<ImportSource> = {}): TestSource {
  const bytes = typeof content === "string" ? encode(content) : content;
  let read = 0;
  return {
    size: bytes.length,
    version: `v${crc32(bytes)}`,
    async *read({ start, end }) {
      for (let at = start; at < end; at += chunkOf(bytes.length)) {
        const chunk = bytes.slice(at, Math.min(end, at + chunkOf(bytes.length)));
        read += chunk.length;
        yield chunk;
      }
    },
    ...more,
    bytesRead: () => read,
  };
}

/** The same bytes as a stream that has no end but its own. */
export function streamOf(content: string | Uint8Array, chunk = 700): AsyncIterable<Uint8Array> {
  const bytes = typeof content === "string" ? encode(content) : content;
  const chunks = [];
  for (let at = 0; at < bytes.length; at += chunk) chunks.push(bytes.slice(at, at + chunk));
  return bytesOf(...chunks);
}

/** A stream of the web as WebKit has it: nothing can loop over it. */
function webkitStreamOf(content: string): AsyncIterable<Uint8Array> {
  const stream = Readable.toWeb(Readable.from(streamOf(content)));
  return { getReader: () => stream.getReader() } as unknown as AsyncIterable<Uint8Array>;
}

/** Each way to hand bytes over. */
export const WAYS: readonly (readonly [string, (content: string) => ImportSource | AsyncIterable<Uint8Array>])[] = [
  ["a source", (content) => sourceOf(content)],
  ["a stream", (content) => streamOf(content)],
  ["a stream of WebKit", webkitStreamOf],
];
