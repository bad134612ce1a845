import type { Facts } from "../agent.js";
import { asObject, asText, asTokens, type JsonObject } from "../json.js";

export function opencodeFacts(line: JsonObject): Facts {
  const part = asObject(line["part"]);
  const tokens = asObject(part?.["tokens"]);
  const cache = asObject(tokens?.["cache"]);
  return {
    id: asText(line["sessionID"]),
    step: asText(part?.["id"]),
    usage: tokens && {
      input: asTokens(tokens["input"]),
      output: asTokens(tokens["output"]) + asTokens(tokens["reasoning"]),
      cacheRead: asTokens(cache?.["read"]),
      cacheWrite: asTokens(cache?.["write"]),
    },
  };
}
