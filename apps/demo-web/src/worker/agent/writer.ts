/** Turns the simulated agent's steps into lines of a transcript. */
import type { TranscriptKind } from "@session-archiver/transcripts";
import { claudeCodeWriter } from "./claude-code.ts";
import { codexWriter } from "./codex.ts";
import type { LineWriter } from "./line-writer.ts";

export function lineWriter(kind: TranscriptKind): LineWriter {
  return kind === "codex" ? codexWriter() : claudeCodeWriter();
}
