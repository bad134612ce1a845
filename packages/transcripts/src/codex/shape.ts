import type { Fit } from "../agent.js";
import { asNumber, asObject, asText, type JsonObject } from "../json.js";

const TYPES: ReadonlySet<unknown> = new Set([
  "session_meta",
  "response_item",
  "event_msg",
  "turn_context",
  "compacted",
  "world_state",
  "token_usage_record",
]);

/** Recognises rollouts, the bare ones of the first releases, and the output of `codex exec --json`. */
export function codexFit(line: JsonObject): Fit {
  const type = asText(line["type"]);
  if (type === null) {
    if (line["record_type"] === "state") return "sure";
    return asText(line["id"]) !== null && asText(line["timestamp"]) !== null && "instructions" in line
      ? "likely"
      : undefined;
  }
  if (asObject(line["payload"])) {
    if (TYPES.has(type)) return "sure";
    return asNumber(line["ordinal"]) !== null ? "likely" : undefined;
  }
  if (/^thread\.(started|resumed)$/.test(type)) return asText(line["thread_id"]) === null ? undefined : "sure";
  const isItem = asObject(line["item"]) !== null || asText(line["item_type"]) !== null;
  return isItem && /^item\.(created|started|updated|completed|failed)$/.test(type) ? "likely" : undefined;
}
