import type { Facts } from "../agent.js";
import { asObject, asText, asTokens, type JsonObject } from "../json.js";

/** A subagent's file names its parent's session; its own id is placed below that. */
function idsOf(line: JsonObject): Pick<Facts, "id" | "isSubagent" | "parent"> {
  const session = asText(line["sessionId"]);
  const agent = line["isSidechain"] === true ? asText(line["agentId"]) : null;
  if (session === null || agent === null) return { id: session };
  return { id: `${session}/agent-${agent}`, parent: session, isSubagent: true };
}

export function claudeCodeFacts(line: JsonObject): Facts {
  const message = asObject(line["message"]);
  const usage = asObject(message?.["usage"]);
  const model = asText(message?.["model"]);
  return {
    ...idsOf(line),
    cwd: asText(line["cwd"]),
    branch: asText(line["gitBranch"]),
    title: asText(line["customTitle"]) ?? asText(line["aiTitle"]),
    // Messages that the program made itself.
    model: model === "<synthetic>" ? null : model,
    version: asText(line["version"]),
    step: asText(message?.["id"]),
    usage: usage && {
      input: asTokens(usage["input_tokens"]),
      output: asTokens(usage["output_tokens"]),
      cacheRead: asTokens(usage["cache_read_input_tokens"]),
      cacheWrite: asTokens(usage["cache_creation_input_tokens"]),
    },
  };
}
