/** Folders that are gone after the test. */
import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Temporary extends AsyncDisposable {
  readonly path: string;
}

export async function temporary(): Promise<Temporary> {
  return temporaryIn(tmpdir());
}

/** In memory where the system offers it: for tests that make thousands of files. */
export async function temporaryInMemory(): Promise<Temporary> {
  return temporaryIn(existsSync(MEMORY) ? MEMORY : tmpdir());
}

const MEMORY = "/dev/shm";

async function temporaryIn(folder: string): Promise<Temporary> {
  const path = await realpath(await mkdtemp(join(folder, "agent-folders-")));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
