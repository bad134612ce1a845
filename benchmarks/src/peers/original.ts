/**
 * Task: what archiving is without this library. The whole session into memory, one gzip stream, written in place, and the
 * session deleted: no temporary file, no flush to the disk, no read-back.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { timed } from "../measure/sample.js";

export interface OriginalParams {
  /** Deleted in the end. */
  readonly session: string;
  readonly archive: string;
}

const compress = promisify<Uint8Array, Buffer>(gzip);

export async function run({ session, archive }: OriginalParams): Promise<{ seconds: number }> {
  const seconds = await timed(async () => {
    const output = await readFile(session);
    await writeFile(archive, await compress(output));
    await rm(session);
  });
  return { seconds };
}
