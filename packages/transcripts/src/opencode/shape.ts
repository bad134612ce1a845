import type { Fit } from "../agent.js";
import { asObject, asText, type JsonObject } from "../json.js";

/** Recognises the output of `opencode run --format json`. opencode's sessions themselves are in a database. */
export function opencodeFit(line: JsonObject): Fit {
  if (asText(line["sessionID"]) === null || asText(line["type"]) === null) return undefined;
  return asObject(line["part"]) || asObject(line["error"]) ? "sure" : "likely";
}
