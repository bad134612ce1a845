/** Checks that a measured archive is correct: zlib unpacks it to the session's bytes. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { DataFile } from "../data/data-set.js";

const CHUNKS = { chunkSize: 256 * 1024 };

/** `folder` has one archive. Rejects unless it holds exactly the file's bytes. */
export async function checkArchive(folder: string, file: DataFile): Promise<void> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".gz"));
  const [name] = names;
  if (name === undefined || names.length > 1) throw new Error(`${folder} has ${names.length} archives, not one.`);
  const unpacked = createHash("sha256");
  const whole = createHash("sha256");
  await pipeline(createReadStream(join(folder, name)), createGunzip(CHUNKS), unpacked);
  await pipeline(createReadStream(file.path), whole);
  if (unpacked.digest("hex") !== whole.digest("hex")) throw new Error(`The archive of ${file.path} has other bytes.`);
}
