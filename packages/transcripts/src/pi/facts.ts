import type { Facts } from "../agent.js";
import { asObject, asText, asTokens, type JsonObject } from "../json.js";

export function piFacts(line: JsonObject): Facts {
  switch (line["type"]) {
    case "session":
      return { id: asText(line["id"]), cwd: asText(line["cwd"]) };
    case "session_info":
      return { title: asText(line["name"]) };
    case "model_change":
      return { model: asText(line["modelId"]) };
  }
  const message = asObject(line["message"]);
  const usage = asObject(message?.["usage"]);
  return {
    model: asText(message?.["model"]),
    step: asText(line["id"]),
    usage: usage && {
      input: asTokens(usage["input"]),
      output: asTokens(usage["output"]),
      cacheRead: asTokens(usage["cacheRead"]),
      cacheWrite: asTokens(usage["cacheWrite"]),
    },
  };
}
