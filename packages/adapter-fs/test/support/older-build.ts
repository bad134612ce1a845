/** Puts a store's records where older builds kept them: each in its session's directory. */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

const ENDING = ".session.json";

export async function asOlderBuild(home: string): Promise<void> {
  const store = join(home, "store");
  if (!existsSync(store)) return;
  for (const file of await readdir(store, { recursive: true })) {
    if (!file.endsWith(ENDING)) continue;
    const directory = join(store, file.slice(0, -ENDING.length));
    await mkdir(directory, { recursive: true });
    await rename(join(store, file), join(directory, "session.json"));
  }
  await rm(join(store, ".staging", "index"), { force: true });
}
