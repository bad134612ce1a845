/** Defects in how a body is written. */
import { ArchiverError, type Bytes, bytesOf, concat, hasCode, toBytes } from "@session-archiver/core";
import { inWrites, type Mutant } from "./mutant.js";

const MIB = 1024 * 1024;

/** Every chunk as it came, not copied. */
async function kept(body: Bytes): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return chunks;
}

/** The bytes before the body's failure, and the failure. */
async function salvaged(body: Bytes): Promise<{ readonly bytes: Uint8Array; readonly failed: boolean }> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body) chunks.push(chunk.slice());
    return { bytes: concat(chunks), failed: false };
  } catch {
    return { bytes: concat(chunks), failed: true };
  }
}

export const writeMutants: readonly Mutant[] = [
  inWrites(
    "keeps the body's arrays instead of copying",
    ["write: the body may reuse its array for each chunk"],
    () => async (target, body, op) => target.write(bytesOf(...(await kept(body))), op),
  ),
  inWrites(
    "swaps the last two chunks",
    ["write: thousands of tiny chunks keep their order"],
    () => async (target, body, op) => {
      const chunks = (await kept(body)).map((chunk) => chunk.slice());
      return target.write(bytesOf(...chunks.slice(0, -2), ...chunks.slice(-2).reverse()), op);
    },
  ),
  inWrites(
    "treats an empty chunk as the end",
    ["write: empty chunks are nothing, wherever they come"],
    () => (target, body, op) =>
      target.write(
        (async function* () {
          for await (const chunk of body) {
            if (chunk.length === 0) return;
            yield chunk;
          }
        })(),
        op,
      ),
  ),
  inWrites("refuses an empty body", ["write: an empty body makes an empty entry"], () => async (target, body, op) => {
    const bytes = concat((await kept(body)).map((chunk) => chunk.slice()));
    if (bytes.length === 0) throw new ArchiverError("INVALID_ARGUMENT", "Nothing to write.");
    return target.write(bytesOf(bytes), op);
  }),
  inWrites(
    "writes the whole array that a chunk is part of",
    ["write: chunks may be parts of larger arrays, and any kind of Uint8Array"],
    () => (target, body, op) =>
      target.write(
        (async function* () {
          for await (const chunk of body) yield new Uint8Array(chunk.buffer);
        })(),
        op,
      ),
  ),
  inWrites(
    "keeps only the first 4 MiB",
    ["write: large bytes come back, whatever the size of the chunks"],
    () => async (target, body, op) => target.write(bytesOf((await toBytes(body)).slice(0, 4 * MIB)), op),
  ),
  inWrites(
    "stores the bytes that came before the body failed",
    [
      "write: a body that throws before its first chunk leaves nothing, and its error is passed on",
      "write: a body that throws half-way leaves nothing, and its error is passed on",
      "write: a body that throws after its last chunk leaves nothing, and its error is passed on",
    ],
    () => async (target, body, op) => target.write(bytesOf((await salvaged(body)).bytes), op),
  ),
  inWrites(
    "rejects, but keeps the bytes that came before the body failed",
    [
      "write: a body that throws before its first chunk leaves nothing, and its error is passed on",
      "write: a body that throws half-way leaves nothing, and its error is passed on",
      "write: a body that throws after its last chunk leaves nothing, and its error is passed on",
      "write: a body that threw before the restart leaves nothing",
    ],
    () => async (target, body, op) => {
      try {
        return await target.write(body, op);
      } catch (error) {
        if (!hasCode(error, "CONFLICT")) await target.write(bytesOf(new Uint8Array(3)));
        throw error;
      }
    },
    { blobs: ["a restore that is stopped at any of its writes loses nothing"] },
  ),
  inWrites(
    "wraps the body's error",
    [
      "write: a body that throws before its first chunk leaves nothing, and its error is passed on",
      "write: a body that throws half-way leaves nothing, and its error is passed on",
    ],
    () => async (target, body, op) => {
      try {
        return await target.write(body, op);
      } catch (cause) {
        if (cause instanceof ArchiverError) throw cause;
        throw new ArchiverError("UNAVAILABLE", "The body failed.", { cause });
      }
    },
  ),
  inWrites(
    "deletes the existing entry when the body fails",
    ["write: a body that throws changes nothing about its neighbours"],
    () => {
      const written: { remove(): Promise<void> }[] = [];
      return async (target, body, op) => {
        try {
          const info = await target.write(body, op);
          written.push(target);
          return info;
        } catch (error) {
          for (const other of written) await other.remove();
          throw error;
        }
      };
    },
    {
      archives: [
        "an archive that is stopped at any of its writes loses nothing",
        "a second archive that is stopped at any of its writes loses nothing",
      ],
    },
  ),
  inWrites(
    "is visible, and empty, while the body is read",
    [
      "write: nothing is visible until the body has ended, and other calls are served",
      "write: a body under way at the restart leaves nothing",
      "write: CONFLICT if the entry is there and empty",
    ],
    () => async (target, body, op) => {
      if (await target.size()) throw new ArchiverError("CONFLICT", "It is there.");
      await target.remove();
      await target.write(bytesOf());
      const bytes = await toBytes(body).finally(() => target.remove());
      return target.write(bytesOf(bytes), op);
    },
  ),
  inWrites(
    "needs the iterator's return()",
    ["write: the body may be an iterator with nothing but next"],
    () => async (target, body, op) => {
      const iterator = body[Symbol.asyncIterator]() as Required<AsyncIterator<Uint8Array>>;
      const info = await target.write({ [Symbol.asyncIterator]: () => iterator }, op);
      await iterator.return();
      return info;
    },
  ),
  inWrites(
    "asks for two chunks at once",
    ["write: one chunk is asked for at a time, and none after the end"],
    () => async (target, body, op) => {
      const iterator = body[Symbol.asyncIterator]();
      const ahead = async function* (): Bytes {
        for (;;) {
          const pair = await Promise.all([iterator.next(), iterator.next()]);
          for (const next of pair) if (!next.done) yield next.value.slice();
          if (pair[1].done) return;
        }
      };
      return target.write(ahead(), op);
    },
  ),
  inWrites(
    "refuses a second write while a body is read",
    ["write: concurrent ones of different names all succeed"],
    () => {
      let busy = false;
      return async (target, body, op) => {
        if (busy) throw new ArchiverError("UNAVAILABLE", "Busy.");
        busy = true;
        return target.write(body, op).finally(() => {
          busy = false;
        });
      };
    },
  ),
].flat();
