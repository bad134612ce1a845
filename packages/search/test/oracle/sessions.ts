/** Real sessions, or generated ones where there are none. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CORPUS, corpusFiles, hasCorpus } from "@session-archiver/test-kit/machine";
import { generateSession } from "@session-archiver/test-kit/sessions";

export async function sessionBytes(): Promise<readonly Uint8Array[]> {
  if (!hasCorpus) {
    return Array.from({ length: 24 }, (_, seed) =>
      Buffer.concat([
        ...generateSession({ seed, bytes: 2 ** (12 + (seed % 9)), kind: seed % 3 === 0 ? "codex" : "claude-code" }),
      ]),
    );
  }
  return Promise.all((await corpusFiles()).map((path) => readFile(join(CORPUS, path))));
}
