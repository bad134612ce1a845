import type { Fit } from "../agent.js";
import { asObject, asText, type JsonObject } from "../json.js";

/** Recognises Claude Code's envelope around messages with `parts`. */
export function qwenFit(line: JsonObject): Fit {
  const hasParts = Array.isArray(asObject(line["message"])?.["parts"]);
  const isEnvelope = asText(line["uuid"]) !== null && asText(line["sessionId"]) !== null;
  if (isEnvelope && (hasParts || line["systemPayload"] !== undefined || asObject(line["toolCallResult"])))
    return "sure";
  const isRecord = isEnvelope && line["type"] === "system" && line["message"] === undefined;
  return isRecord || (hasParts && asText(line["type"]) !== null) ? "likely" : undefined;
}
