/** The beginning of a database's file. See https://www.sqlite.org/fileformat2.html#the_database_header. */
import { open } from "node:fs/promises";

export interface Header {
  /** Bytes of the file. */
  readonly size: number;
  readonly isDatabase: boolean;
  readonly pageSize: number;
  /** Pages that the file should have; `undefined` if the header doesn't say. */
  readonly pages: number | undefined;
}

const MAGIC = Buffer.from("SQLite format 3\0");
const HEADER_BYTES = 100;

/** Opens the file for reading, and reads its first 100 bytes. */
export async function readHeader(path: string): Promise<Header> {
  const handle = await open(path, "r");
  try {
    const bytes = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await handle.read(bytes, 0, HEADER_BYTES, 0);
    const { size } = await handle.stat();
    const isDatabase = bytesRead >= MAGIC.length && bytes.subarray(0, MAGIC.length).equals(MAGIC);
    const stated = bytes.readUInt16BE(16);
    // The number of pages is right only if the program that wrote it last has known of that number.
    const isStated = bytesRead === HEADER_BYTES && bytes.readUInt32BE(24) === bytes.readUInt32BE(92);
    const pages = isStated ? bytes.readUInt32BE(28) : 0;
    return { size, isDatabase, pageSize: stated === 1 ? 65_536 : stated, pages: pages > 0 ? pages : undefined };
  } finally {
    await handle.close();
  }
}
