/** Defects of writes that show with long bodies, or with bodies that end at the same moment. */
import { ArchiverError, bytesOf, toBytes } from "@session-archiver/core";
import { inWrites, type Mutant, roundTrip } from "./mutant.js";

const MIB = 1024 * 1024;
const MANY = [
  "write: a body of thousands of chunks is CONFLICT if the entry is there, which stays as it is",
  "write: a body of thousands of chunks is CONFLICT if the entry was made while it was read",
];

export const largeWriteMutants: readonly Mutant[] = [
  ...inWrites(
    "overwrites with a body of over 16 MiB, which goes in parts",
    [
      "write: a body over 16 MiB is CONFLICT if the entry is there, which stays as it is",
      "write: a body over 16 MiB is CONFLICT if the entry was made while it was read",
      "write: of two bodies over 16 MiB that end at once exactly one succeeds, wholly",
      ...MANY,
    ],
    () => async (target, body, op) => {
      const bytes = await toBytes(body);
      if (bytes.length > 16 * MIB) await target.remove();
      return target.write(bytesOf(bytes), op);
    },
  ),
  ...inWrites("overwrites with a body of over a thousand chunks", MANY, () => async (target, body, op) => {
    let chunks = 0;
    const counted = async function* () {
      for await (const chunk of body) {
        chunks++;
        yield chunk;
      }
    };
    const bytes = await toBytes(counted());
    if (chunks > 1000) await target.remove();
    return target.write(bytesOf(bytes), op);
  }),
  ...inWrites(
    "looks whether the entry is there once the body has ended, and writes after a round trip",
    [
      "write: of concurrent ones whose bodies end at once exactly one succeeds",
      "write: of two through both whose bodies end at once exactly one succeeds",
    ],
    () => async (target, body, op) => {
      const bytes = await toBytes(body);
      if ((await target.size()) !== undefined) throw new ArchiverError("CONFLICT", "It is there.");
      await roundTrip();
      await target.remove();
      return target.write(bytesOf(bytes), op);
    },
  ),
];
