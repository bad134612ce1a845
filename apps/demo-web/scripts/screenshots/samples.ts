/** The files the scenes import. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CORPUS, hasCorpus } from "@session-archiver/test-kit/machine";
import { writeProjects } from "../../test/e2e/support/projects.ts";
import { writeSample } from "../../test/e2e/support/sample.ts";
import type { Samples } from "./scene.ts";

const REAL = [
  "claude-code/moredip__session-share/images-in-tool-results.jsonl",
  "claude-code/iansherr__claude-code-log/test_data/todowrite_examples.jsonl",
];

export async function writeFiles(): Promise<Samples> {
  const folder = await mkdtemp(join(tmpdir(), "screenshots-"));
  const claudeCode = await writeSample(folder, {
    title: "Make the importer resume where it stopped",
    file: "transcripts/importer.jsonl",
    bytes: 400_000,
    seed: 11,
    daysAgo: 12,
  });
  const codex = await writeSample(folder, {
    title: "Why is the nightly build so slow?",
    file: "transcripts/nightly-build.jsonl.gz",
    bytes: 300_000,
    seed: 12,
    kind: "codex",
    daysAgo: 3,
  });
  const large = await writeSample(folder, {
    title: "Port the whole test suite to the new runner",
    file: "transcripts/port.jsonl",
    bytes: 40_000_000,
    seed: 13,
    kind: "codex",
    daysAgo: 80,
  });
  await writeFile(join(folder, "transcripts", "broken.jsonl.gz"), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
  await writeProjects(folder);
  await writeFile(join(folder, "transcripts", "notes.txt"), "No transcript.\n");
  return { folder, claudeCode, codex, large, real: hasCorpus ? REAL.map((path) => join(CORPUS, path)) : [] };
}
