/** A folder of generated transcripts, for those who have none at hand. */
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { generateSession } from "@session-archiver/test-kit/sessions";

const KIB = 1024;
const SIZES_KIB = [12, 30, 55, 90, 160, 240, 400, 700, 1200, 2100, 3600, 6000];

export async function makeSampleFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [i, size] of SIZES_KIB.entries()) {
    const kind = i % 3 === 2 ? "codex" : "claude-code";
    const lines = generateSession({ seed: i + 1, kind, bytes: size * KIB });
    await pipeline(Readable.from(lines), createWriteStream(join(folder, `${kind}-${i + 1}.jsonl`)));
  }
}
