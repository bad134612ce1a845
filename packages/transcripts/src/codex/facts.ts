import type { Facts, Usage } from "../agent.js";
import { asObject, asText, asTokens, type JsonObject } from "../json.js";

function usageOf(value: unknown): Usage | null {
  const usage = asObject(value);
  if (usage === null) return null;
  const cacheRead = asTokens(usage["cached_input_tokens"]);
  return {
    input: Math.max(0, asTokens(usage["input_tokens"]) - cacheRead),
    output: asTokens(usage["output_tokens"]),
    cacheRead,
    cacheWrite: 0,
  };
}

/** A subagent's thread may be a fork as well, even of another one than that which called it. */
function parentOf(payload: JsonObject): Pick<Facts, "isSubagent" | "parent"> {
  const caller = asText(payload["parent_thread_id"]);
  const isSubagent = payload["thread_source"] === "subagent" || asObject(payload["source"])?.["subagent"] !== undefined;
  const forked = asText(payload["forked_from_id"]);
  return { isSubagent, parent: isSubagent ? (caller ?? forked) : (forked ?? caller) };
}

/**
 * A fork made by one of the first releases holds its parent's `session_meta` too, after its own: the first one counts.
 */
export function codexFacts(line: JsonObject): Facts {
  const payload = asObject(line["payload"]);
  if (payload === null) {
    const isHead = line["type"] === undefined && "instructions" in line;
    return {
      id: isHead ? asText(line["id"]) : asText(line["thread_id"]),
      branch: asText(asObject(line["git"])?.["branch"]),
    };
  }
  switch (line["type"]) {
    case "session_meta":
      return {
        id: asText(payload["id"]),
        ...parentOf(payload),
        cwd: asText(payload["cwd"]),
        branch: asText(asObject(payload["git"])?.["branch"]),
        version: asText(payload["cli_version"]),
      };
    case "turn_context":
      return { cwd: asText(payload["cwd"]), model: asText(payload["model"]) };
    case "event_msg":
      return {
        title: asText(payload["thread_name"]),
        usageSoFar: usageOf(asObject(payload["info"])?.["total_token_usage"]),
      };
  }
  return {};
}
