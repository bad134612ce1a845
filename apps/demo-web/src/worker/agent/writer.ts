/** Turns the simulated agent's steps into lines of a transcript. */
import type { TranscriptKind } from "@session-archiver/transcripts";
import { claudeCodeWriter } from "./claude-code.ts";
import { codexWriter } from "./codex.ts";
import type { Step } from "./steps.ts";

/** `now` in unix ms; returns lines without their line end. */
export interface LineWriter {
  /** The first lines of a new session. */
  opening(now: number): readonly string[];
  lines(step: Step, now: number): readonly string[];
}

export function lineWriter(kind: TranscriptKind): LineWriter {
  return kind === "codex" ? codexWriter() : claudeCodeWriter();
}
