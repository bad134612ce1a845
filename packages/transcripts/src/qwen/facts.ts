import type { Facts } from "../agent.js";
import { asObject, asText, asTokens, type JsonObject } from "../json.js";

export function qwenFacts(line: JsonObject): Facts {
  const usage = asObject(line["usageMetadata"]);
  const cacheRead = asTokens(usage?.["cachedContentTokenCount"]);
  return {
    id: asText(line["sessionId"]),
    cwd: asText(line["cwd"]),
    branch: asText(line["gitBranch"]),
    title: asText(asObject(line["systemPayload"])?.["customTitle"]),
    model: asText(line["model"]),
    version: asText(line["version"]),
    step: asText(line["uuid"]),
    usage: usage && {
      input: Math.max(0, asTokens(usage["promptTokenCount"]) - cacheRead),
      output: asTokens(usage["candidatesTokenCount"]) + asTokens(usage["thoughtsTokenCount"]),
      cacheRead,
      cacheWrite: 0,
    },
  };
}
