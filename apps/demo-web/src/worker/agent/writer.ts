/** Turns the simulated agent's steps into lines of a transcript. */
import type { TranscriptKind } from "@session-archiver/transcripts";
import { claudeCodeWriter } from "./claude-code.ts";
import { codexWriter } from "./codex.ts";
import type { Step } from "./script.ts";

/** `now` in unix ms; lines come without their line end. */
export interface LineWriter {
  /** What a new session begins with. */
  opening(now: number): readonly string[];
  lines(step: Step, now: number): readonly string[];
}

export function lineWriter(kind: TranscriptKind): LineWriter {
  return kind === "codex" ? codexWriter() : claudeCodeWriter();
}
