import type { Fit } from "../agent.js";
import { asObject, asText, type JsonObject } from "../json.js";

/** What `opencode run --format json` prints; its sessions themselves lie in a database. */
export function opencodeFit(line: JsonObject): Fit {
  if (asText(line["sessionID"]) === null || asText(line["type"]) === null) return undefined;
  return asObject(line["part"]) || asObject(line["error"]) ? "sure" : "likely";
}
