/** The input of a scene. */
import type { Page } from "playwright";
import type { Sample } from "../../test/e2e/support/sample.ts";

export interface Stage {
  readonly page: Page;
  readonly samples: Samples;
  /** Takes the picture. */
  shoot(name: string): Promise<void>;
}

export interface Samples {
  readonly folder: string;
  readonly claudeCode: Sample;
  readonly codex: Sample;
  /** A file that takes a while to archive. */
  readonly large: Sample;
  /** Transcripts of real agents, if there are any. */
  readonly real: readonly string[];
}

/** Leaves the app so that the next scene finds the list. */
export type Scene = (stage: Stage) => Promise<void>;
