/** Who wrote a transcript, by the shape of its lines. */
import type { TranscriptKind } from "../api.ts";

export type Line = Readonly<Record<string, unknown>>;

const CODEX_TYPES: ReadonlySet<unknown> = new Set([
  "session_meta",
  "response_item",
  "event_msg",
  "turn_context",
  "compacted",
]);

/** A line as an object, or `undefined` for what is none. */
export function parseLine(text: string): Line | undefined {
  try {
    return recordIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function recordIn(value: unknown): Line | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Line) : undefined;
}

/** The kind that this line gives away, if any. */
export function kindOfLine(line: Line): Exclude<TranscriptKind, "other"> | undefined {
  if (recordIn(line["payload"]) && CODEX_TYPES.has(line["type"])) return "codex";
  if (typeof line["type"] !== "string") return undefined;
  const isTurn = (line["type"] === "user" || line["type"] === "assistant") && recordIn(line["message"]) !== undefined;
  const isSummary = line["type"] === "summary" && typeof line["leafUuid"] === "string";
  return isTurn || isSummary || typeof line["sessionId"] === "string" ? "claude-code" : undefined;
}
