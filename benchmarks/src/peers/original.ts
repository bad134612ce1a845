/**
 * Task: archiving without this library. Reads the whole session into memory, writes one gzip stream in place, and deletes
 * the session, without a temporary file, a flush to the disk or a read-back.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { timed } from "../measure/sample.js";

export interface OriginalParams {
  /** The session's file, which is deleted at the end. */
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
