import type { Step } from "./steps.ts";

/** `now` in unix ms; lines come without their line end. */
export interface LineWriter {
  /** What a new session begins with. */
  opening(now: number): readonly string[];
  lines(step: Step, now: number): readonly string[];
}
