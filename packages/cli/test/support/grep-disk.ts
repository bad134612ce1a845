/** Looks for words in every byte below a folder, also in what is compressed. */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gunzipSync } from "node:zlib";

/** The beginning of a gzip member. */
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/** Which of the words stand somewhere below the folder, each with the files and ways in which it was found. */
export function grepDisk(folder: string, words: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  const look = (bytes: Buffer, where: string): void => {
    for (const word of words) {
      if (formsOf(word).some((form) => bytes.includes(form))) found[word] = [...(found[word] ?? []), where];
    }
  };
  for (const name of readdirSync(folder, { recursive: true }).map(String)) {
    look(Buffer.from(name), `the name ${name}`);
    if (!lstatSync(join(folder, name)).isFile()) continue;
    const bytes = readFileSync(join(folder, name));
    look(bytes, name);
    for (let at = bytes.indexOf(GZIP); at >= 0; at = bytes.indexOf(GZIP, at + 1)) {
      look(inflated(bytes.subarray(at)), `gzip in ${name} at ${at}`);
    }
  }
  return found;
}

/** As much as can be unpacked: a member may be torn, or cut into rows of a database. */
function inflated(bytes: Buffer): Buffer {
  for (let end = Math.min(bytes.length, 256 * 1024); end > 32; end = Math.floor(end / 2)) {
    try {
      return gunzipSync(bytes.subarray(0, end), { finishFlush: constants.Z_SYNC_FLUSH });
    } catch {
      // There is something else behind it; the first half may be all of it.
    }
  }
  return Buffer.of();
}

/** As UTF-8, in JSON with escapes, and in UTF-16. */
function formsOf(word: string): readonly Buffer[] {
  const escaped = [...word].map((char) => {
    const code = char.charCodeAt(0);
    return code < 128 ? char : `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return [Buffer.from(word), Buffer.from(escaped.join("")), Buffer.from(word, "utf16le")];
}
