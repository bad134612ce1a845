/** Makes sessions as agents write them. */
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export const DAY_MS = 24 * 60 * 60 * 1000;

/** `lines` lines, a minute apart, the last one at `lastMs`. */
export function transcript(lines: number, lastMs: number = Date.UTC(2026, 0, 15), text = "hello"): string {
  return Array.from({ length: lines }, (_, i) => {
    const timestamp = new Date(lastMs - (lines - 1 - i) * 60_000).toISOString();
    return `${JSON.stringify({ type: "user", uuid: `u${i}`, timestamp, message: { content: `${text} ${i}` } })}\n`;
  }).join("");
}

/** Writes files below a folder, by their paths. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Sets the time of a file's last change. */
export async function touch(path: string, unixMs: number): Promise<void> {
  await utimes(path, unixMs / 1000, unixMs / 1000);
}
