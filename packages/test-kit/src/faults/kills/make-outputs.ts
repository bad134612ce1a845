/** The sessions that agents write in these tests. They are real if the corpus is there. */
import { copyFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CORPUS, corpusFiles, hasCorpus } from "../../machine/index.js";
import { generateSession } from "../../sessions/index.js";
import type { Random } from "./random.js";

/** Large enough for several segments now and then, small enough to be read after every kill. */
const SMALLEST = 2_000;
const LARGEST = 400_000;

/**
 * Writes one agent's output to each path: a session of the corpus, none of them twice, or a generated one where there is no
 * corpus.
 */
export async function makeOutputs(paths: readonly string[], random: Random): Promise<void> {
  const real = hasCorpus ? await realSessions() : [];
  for (const path of paths) {
    const [session] = real.splice(random.below(real.length), 1);
    if (session !== undefined) await copyFile(session, path);
    else {
      const bytes = SMALLEST + random.below(LARGEST - SMALLEST);
      await writeFile(path, Buffer.concat([...generateSession({ seed: random.below(2 ** 31), bytes })]));
    }
  }
}

async function realSessions(): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ["claude-code", "codex", "other"]) {
    for (const path of await corpusFiles(folder)) {
      const file = join(CORPUS, folder, path);
      const { size } = await stat(file);
      if (size >= SMALLEST && size <= LARGEST) found.push(file);
    }
  }
  return found;
}
