import type { Fit } from "../agent.js";
import { asObject, type JsonObject } from "../json.js";

/** Cursor's lines have a role and a message, but no id and no time, and no other keys that agents add. */
export function cursorFit(line: JsonObject): Fit {
  if (line["role"] !== "user" && line["role"] !== "assistant") return undefined;
  const content = asObject(line["message"])?.["content"];
  const isBare = ["type", "id", "uuid", "timestamp", "sessionId", "session_id", "time"].every(
    (key) => line[key] === undefined,
  );
  return isBare && (Array.isArray(content) || typeof content === "string") ? "sure" : undefined;
}
