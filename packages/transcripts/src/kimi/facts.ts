import type { Facts, Usage } from "../agent.js";
import { asObject, asText, asTokens, type JsonObject } from "../json.js";

const usageOf = (usage: JsonObject | null): Usage | null =>
  usage && {
    input: asTokens(usage["inputOther"] ?? usage["input_other"]),
    output: asTokens(usage["output"]),
    cacheRead: asTokens(usage["inputCacheRead"] ?? usage["input_cache_read"]),
    cacheWrite: asTokens(usage["inputCacheCreation"] ?? usage["input_cache_creation"]),
  };

/** The id is the folder's name: no line has it. */
export function kimiFacts(line: JsonObject): Facts {
  const payload = asObject(asObject(line["message"])?.["payload"]);
  if (payload) return { usage: usageOf(asObject(payload["token_usage"])), step: asText(payload["message_id"]) };
  return {
    cwd: asText(line["cwd"]),
    step: asText(asObject(line["event"])?.["stepUuid"]),
    model: asText(line["modelAlias"]) ?? asText(line["model"]),
    usage: line["type"] === "usage.record" ? usageOf(asObject(line["usage"])) : null,
  };
}
