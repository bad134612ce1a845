import type { Fit } from "../agent.js";
import { asNumber, asObject, asText, type JsonObject } from "../json.js";

/** Whether the message has what only pi's messages have. Other agents use the same envelope, so it decides nothing. */
const isPiMessage = (message: JsonObject): boolean =>
  message["role"] === "toolResult" ||
  message["role"] === "bashExecution" ||
  (asText(message["api"]) !== null && asText(message["stopReason"]) !== null) ||
  (asText(message["role"]) !== null && asNumber(message["timestamp"]) !== null);

export function piFit(line: JsonObject): Fit {
  if (asText(line["id"]) === null) return undefined;
  switch (line["type"]) {
    case "session":
      return asText(line["cwd"]) !== null && asText(line["timestamp"]) !== null ? "sure" : undefined;
    case "message": {
      const message = asObject(line["message"]);
      return message && "parentId" in line && isPiMessage(message) ? "sure" : undefined;
    }
    case "model_change":
      return asText(line["modelId"]) === null ? undefined : "sure";
    case "thinking_level_change":
      return asText(line["thinkingLevel"]) === null ? undefined : "sure";
  }
  return undefined;
}
