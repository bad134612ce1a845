/** The corpus of real sessions, where this machine has it: it can't be part of the project. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const besideTheRepository = fileURLToPath(new URL("../../../../../shared/corpus", import.meta.url));

export const CORPUS: string = process.env["SESSION_ARCHIVER_CORPUS"] ?? besideTheRepository;
export const hasCorpus: boolean = existsSync(join(CORPUS, "SOURCES.tsv"));
export const NO_CORPUS: string = `no corpus of real sessions at ${CORPUS}; name one with SESSION_ARCHIVER_CORPUS`;

/** Paths of all `.jsonl` files below a folder of the corpus, relative to that folder. */
export async function corpusFiles(folder = "."): Promise<readonly string[]> {
  const entries = await readdir(join(CORPUS, folder), { recursive: true });
  return entries.filter((path) => path.endsWith(".jsonl")).sort();
}
