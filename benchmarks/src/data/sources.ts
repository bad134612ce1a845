/** The sessions to repeat: real ones where this machine has them, else generated ones. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CORPUS, corpusFiles, hasCorpus } from "@session-archiver/test-kit/machine";
import { generateSession } from "@session-archiver/test-kit/sessions";
import { type Template, templateOf } from "./template.js";

export type Source = "corpus" | "generator";

/** Not `growth` and `derived`: those are pieces of the others, and hard cases cut from them. */
const FOLDERS = ["claude-code", "codex", "other"];

/** Sizes as they come in a home directory: many small ones, a few that hold most of the bytes. */
const GENERATED_BYTES = [8e3, 20e3, 20e3, 35e3, 60e3, 60e3, 120e3, 250e3, 400e3, 700e3, 1.5e6, 3e6];

export function defaultSource(): Source {
  return hasCorpus ? "corpus" : "generator";
}

/** `size`: of the data that they are for; generated ones are no longer. */
export async function templatesOf(source: Source, size: number): Promise<readonly Template[]> {
  return (source === "corpus" ? await corpus() : generated(size)).map(templateOf);
}

async function corpus(): Promise<readonly Buffer[]> {
  const files: Buffer[] = [];
  for (const folder of FOLDERS) {
    for (const path of await corpusFiles(folder)) files.push(await readFile(join(CORPUS, folder, path)));
  }
  return files.filter((bytes) => bytes.length > 0);
}

function generated(size: number): readonly Buffer[] {
  return GENERATED_BYTES.filter((bytes) => bytes <= size).map((bytes, seed) =>
    Buffer.concat([...generateSession({ seed, bytes, kind: seed % 3 === 0 ? "codex" : "claude-code" })]),
  );
}
