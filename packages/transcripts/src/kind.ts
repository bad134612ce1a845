/** Who wrote a transcript, by the shape of its lines. */
import { asObject, type JsonObject } from "./json.js";

/** Who wrote the transcript; decides how its lines are shown. */
export type TranscriptKind = "claude-code" | "codex" | "other";

const CODEX_TYPES: ReadonlySet<unknown> = new Set([
  "session_meta",
  "response_item",
  "event_msg",
  "turn_context",
  "compacted",
]);

/** The kind that this line gives away, if any. */
export function kindOfLine(line: JsonObject): Exclude<TranscriptKind, "other"> | undefined {
  if (asObject(line["payload"]) && CODEX_TYPES.has(line["type"])) return "codex";
  if (typeof line["type"] !== "string") return undefined;
  const isTurn = (line["type"] === "user" || line["type"] === "assistant") && asObject(line["message"]) !== null;
  const isSummary = line["type"] === "summary" && typeof line["leafUuid"] === "string";
  return isTurn || isSummary || typeof line["sessionId"] === "string" ? "claude-code" : undefined;
}
