/** Defects in writes that should be refused or aborted. */
import { ArchiverError, bytesOf, throwIfAborted, toBytes } from "@session-archiver/core";
import { inWrites, type Mutant } from "./mutant.js";

export const refusedWriteMutants: readonly Mutant[] = [
  inWrites(
    "overwrites",
    ["write: CONFLICT if the entry is there, which stays as it is"],
    () => async (target, body, op) => {
      const bytes = await toBytes(body);
      await target.remove();
      return target.write(bytesOf(bytes), op);
    },
  ),
  inWrites(
    "overwrites an entry that appeared while the body was read",
    [
      "write: of concurrent ones exactly one succeeds, and the bytes are wholly the winner's",
      "write: of concurrent ones through both exactly one succeeds",
    ],
    () => async (target, body, op) => {
      if ((await target.size()) !== undefined) throw new ArchiverError("CONFLICT", "It is there.");
      const bytes = await toBytes(body);
      await target.remove();
      return target.write(bytesOf(bytes), op);
    },
  ),
  inWrites(
    "overwrites an empty entry",
    ["write: CONFLICT if the entry is there and empty"],
    () => async (target, body, op) => {
      if ((await target.size()) === 0) await target.remove();
      return target.write(body, op);
    },
  ),
  inWrites("is possible once for each name only", ["write: succeeds again once the entry was deleted"], () => {
    const used = new Set<string>();
    return async (target, body, op) => {
      const info = await target.write(body, op);
      const name = JSON.stringify((info as { key: unknown }).key);
      if (used.has(name)) throw new ArchiverError("CONFLICT", "The name was in use before.");
      used.add(name);
      return info;
    };
  }),
  inWrites(
    "ignores the signal",
    [
      "write: with an aborted signal writes nothing",
      "write: aborted half-way stops, closes the body and leaves nothing",
    ],
    () => (target, body) => target.write(body),
  ),
  inWrites(
    "looks at the signal at the start and at the end only",
    ["write: aborted half-way stops, closes the body and leaves nothing"],
    () => async (target, body, op) => {
      throwIfAborted(op?.signal);
      const bytes = await toBytes(body);
      throwIfAborted(op?.signal);
      return target.write(bytesOf(bytes));
    },
  ),
  inWrites(
    "doesn't close the body when aborted",
    ["write: aborted half-way stops, closes the body and leaves nothing"],
    () => (target, body, op) => {
      const iterator = body[Symbol.asyncIterator]();
      return target.write({ [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) }, op);
    },
  ),
  inWrites(
    "keeps the bytes that came before the abort",
    ["write: whenever the abort comes, there is all or nothing"],
    () => async (target, body, op) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) {
        if (op?.signal?.aborted) break;
        chunks.push(chunk.slice());
      }
      const info = await target.write(bytesOf(...chunks));
      throwIfAborted(op?.signal);
      return info;
    },
  ),
].flat();
