/** Realistic agent sessions, the same for the same seed. */
import { claudeCodeLines } from "./claude-code.js";
import { codexLines } from "./codex.js";
import { seededRandom } from "./random.js";
import { makeVocabulary } from "./text.js";

export type SessionKind = "claude-code" | "codex";

export interface SessionOptions {
  readonly seed: number;
  /** The session ends with the first line that brings it to this many bytes. */
  readonly bytes: number;
  readonly kind?: SessionKind | undefined;
  /** Unix ms of the first line; lines follow a few seconds apart. */
  readonly startMs?: number | undefined;
}

const DEFAULT_START_MS = Date.UTC(2026, 0, 5, 9);

/** The session's lines as UTF-8, each with its line end. */
export function* generateSession(options: SessionOptions): Generator<Uint8Array> {
  const { seed, bytes, kind = "claude-code", startMs = DEFAULT_START_MS } = options;
  const random = seededRandom(seed);
  let now = startMs;
  const clock = {
    tick: (): string => {
      now += 200 + random.below(9000);
      return new Date(now).toISOString();
    },
  };
  const lines = kind === "codex" ? codexLines : claudeCodeLines;
  const encoder = new TextEncoder();
  let made = 0;
  for (const line of lines(random, makeVocabulary(random), clock)) {
    const encoded = encoder.encode(`${line}\n`);
    made += encoded.length;
    yield encoded;
    if (made >= bytes) return;
  }
}
