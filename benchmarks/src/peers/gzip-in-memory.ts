/** Task: compresses all bytes as one gzip stream, from memory to memory, on one thread. */
import { gzipSync as zlibGzip } from "node:zlib";
import { gzipSync as fflateGzip } from "fflate";
import { timed } from "../measure/sample.js";
import { loadStart } from "./load.js";

export interface GzipParams {
  readonly file: string;
  readonly bytes: number;
  readonly library: "zlib" | "fflate";
}

const LEVEL = 6;

export async function run({ file, bytes, library }: GzipParams): Promise<{ seconds: number }> {
  const data = await loadStart(file, bytes);
  const seconds = await timed(async () => {
    if (library === "fflate") fflateGzip(data, { level: LEVEL, mtime: 0 });
    else zlibGzip(data, { level: LEVEL, chunkSize: 1024 * 1024 });
  });
  return { seconds };
}
