/** Folders that go when their test is over. */
import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Absolute, without links. */
export async function tempFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "agent-folders-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A file with its folders. `mtimeMs`: unix ms. */
export async function put(path: string, text: string, mtimeMs?: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  if (mtimeMs !== undefined) await utimes(path, mtimeMs / 1000, mtimeMs / 1000);
}
