/** Directories that are gone after the test. */
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Temporary extends AsyncDisposable {
  readonly path: string;
}

export async function temporary(): Promise<Temporary> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "adapter-fs-")));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
