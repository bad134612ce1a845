import type { Facts } from "../agent.js";
import { asObject, asText, asTokens, type JsonObject } from "../json.js";

export function copilotFacts(line: JsonObject): Facts {
  const data = asObject(line["data"]) ?? {};
  const context = asObject(data["context"]);
  const isUsage = line["type"] === "assistant.usage";
  return {
    id: line["type"] === "session.start" ? asText(data["sessionId"]) : null,
    cwd: asText(context?.["cwd"]),
    branch: asText(context?.["branch"]),
    title: line["type"] === "session.title_changed" ? asText(data["title"]) : null,
    model: asText(data["model"]) ?? asText(data["selectedModel"]) ?? asText(data["newModel"]),
    version: asText(data["copilotVersion"]),
    step: asText(line["id"]),
    usage: isUsage
      ? {
          input: Math.max(0, asTokens(data["inputTokens"]) - asTokens(data["cacheReadTokens"])),
          output: asTokens(data["outputTokens"]),
          cacheRead: asTokens(data["cacheReadTokens"]),
          cacheWrite: asTokens(data["cacheWriteTokens"]),
        }
      : null,
  };
}
