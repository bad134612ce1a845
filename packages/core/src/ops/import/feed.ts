/**
 * A source as an import reads it, from the front. A stream gives its bytes only once; known copies of them stand in for
 * a second read.
 */
import { concat, isBytes } from "../../bytes.js";
import { ArchiverError, toArchiverError } from "../../errors.js";
import type { Bytes } from "../../ports.js";
import type { ImportSource } from "./import-types.js";
import { bytesOfStream, isWebStream } from "./web-stream.js";

export interface Feed extends Omit<Partial<ImportSource>, "read"> {
  readonly identity: string;
  /** The source itself, if it can be read in ranges. */
  readonly source: ImportSource | undefined;
  /**
   * Reads from `start` on. `CONFLICT` if the source is a stream that has passed this point, and only a new one could be
   * read.
   */
  open(start: number): Reader;
  /**
   * Declares that the first `end` bytes are those that `read` gives, so that a stream can be opened again at any of
   * them.
   */
  known(end: number, read: (range: { readonly start: number; readonly end: number }) => Bytes): void;
  /** The error with which the source itself has failed. */
  failure(): unknown;
  /** Ends a stream that is no longer needed. */
  close(): Promise<void>;
}

export interface Reader {
  /** This many bytes; fewer only at the end of the source. */
  take(count: number): Promise<Uint8Array>;
  /** Puts back the bytes taken last. */
  unread(bytes: Uint8Array): void;
  /** All remaining bytes. */
  rest(): Bytes;
  close(): Promise<void>;
}

export function feedOf(id: string, from: Bytes | ImportSource): Feed {
  const given = isWebStream(from) ? bytesOfStream(from) : from;
  let failure: unknown;
  async function* watched(bytes: () => Bytes): Bytes {
    try {
      for await (const chunk of bytes()) {
        if (!isBytes(chunk)) throw new ArchiverError("INVALID_ARGUMENT", NO_BYTES, { id });
        yield chunk;
      }
    } catch (error) {
      failure = toArchiverError(error, { id });
      throw failure;
    }
  }
  if (Symbol.asyncIterator in given) {
    const stream = streamReader(
      id,
      watched(() => given),
    );
    return { identity: id, source: undefined, ...stream, failure: () => failure };
  }
  const { size, version, location, lastModifiedMs, identity = id } = given;
  return {
    ...{ identity, source: given, size, version, location, lastModifiedMs },
    open: (start) => readerOf(watched(() => exactly(id, given, start, size))),
    known() {},
    failure: () => failure,
    async close() {},
  };
}

const NO_BYTES = "The source of an import must give Uint8Arrays: a stream in Node must have no encoding set.";

/** The source's bytes `[start, end)`. `CONFLICT` if it gives fewer, `INVALID_ARGUMENT` if it gives more. */
export async function* exactly(id: string, source: ImportSource, start: number, end: number): Bytes {
  let left = end - start;
  if (left <= 0) return;
  for await (const chunk of source.read({ start, end })) {
    left -= chunk.length;
    if (left < 0) throw new ArchiverError("INVALID_ARGUMENT", `The source of "${id}" gave more than it was asked for.`);
    yield chunk;
  }
  if (left > 0) {
    const message = `The source of "${id}" was made shorter while it was read: import it again.`;
    throw new ArchiverError("CONFLICT", message, { id });
  }
}

function readerOf(bytes: Bytes): Reader & { prepend(before: Bytes): void; position: number } {
  const first = bytes[Symbol.asyncIterator]();
  let iterator = first;
  let rest: Uint8Array = new Uint8Array();
  const next = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const { done, value } = await iterator.next();
      if (done) return false;
      rest = value;
    }
    return true;
  };
  const reader = {
    position: 0,
    async take(count: number): Promise<Uint8Array> {
      const parts: Uint8Array[] = [];
      let left = count;
      while (left > 0 && (await next())) {
        const part = rest.subarray(0, left);
        // A producer may reuse its array for the next chunk.
        parts.push(part.length < left ? part.slice() : part);
        rest = rest.subarray(part.length);
        left -= part.length;
      }
      reader.position += count - left;
      return concat(parts);
    },
    unread(taken: Uint8Array): void {
      rest = concat([taken, rest]);
      reader.position -= taken.length;
    },
    async *rest(): Bytes {
      while (await next()) {
        const chunk = rest;
        rest = new Uint8Array();
        reader.position += chunk.length;
        yield chunk;
      }
    },
    async close(): Promise<void> {
      await first.return?.();
    },
    prepend(before: Bytes): void {
      const [old, held] = [iterator, rest];
      rest = new Uint8Array();
      iterator = chain(before, held, old)[Symbol.asyncIterator]();
    },
  };
  return reader;
}

async function* chain(before: Bytes, held: Uint8Array, after: AsyncIterator<Uint8Array>): Bytes {
  yield* before;
  yield held;
  for (let next = await after.next(); !next.done; next = await after.next()) yield next.value;
}

function streamReader(id: string, bytes: Bytes): Pick<Feed, "open" | "known" | "close"> {
  const reader = readerOf(bytes);
  const { close } = reader;
  let known: { end: number; read: Parameters<Feed["known"]>[1] } | undefined;
  return {
    open(start) {
      const { position: end } = reader;
      if (start !== end) {
        if (!known || start > end || end > known.end) {
          const message = `Session "${id}" was changed while a stream was read into it, which can be read only once: import it again.`;
          throw new ArchiverError("CONFLICT", message, { id });
        }
        reader.prepend(known.read({ start, end }));
        reader.position = start;
      }
      return { ...reader, close: async () => {} };
    },
    known(end, read) {
      known = { end, read };
    },
    close,
  };
}
