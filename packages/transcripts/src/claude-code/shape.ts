import type { Fit } from "../agent.js";
import { asObject, asText, type JsonObject } from "../json.js";

/** Records without a uuid. */
const RECORDS: ReadonlySet<unknown> = new Set([
  "agent-name",
  "ai-title",
  "api-request",
  "api-request-blob",
  "api-request-shape",
  "atis-latch",
  "bridge-session",
  "cost-state",
  "custom-title",
  "frame-link",
  "last-prompt",
  "mode",
  "permission-mode",
  "pr-link",
  "queue-operation",
  "relocated",
  "tag",
  "tools-used",
  "worktree-state",
]);

/** Qwen Code uses the same envelope, but its messages have `parts`. */
export function claudeCodeFit(line: JsonObject): Fit {
  const type = asText(line["type"]);
  if (type === null || line["systemPayload"] !== undefined) return undefined;
  const hasSession = asText(line["sessionId"]) !== null;
  const isOwn = typeof line["isSidechain"] === "boolean" || asText(line["userType"]) !== null;
  const message = asObject(line["message"]);
  if (type === "user" || type === "assistant") {
    if (message === null || message["content"] === undefined || message["parts"] !== undefined) return undefined;
    return isOwn || (hasSession && ("parentUuid" in line || "uuid" in line)) ? "sure" : "likely";
  }
  if (type === "summary") return asText(line["leafUuid"]) === null ? undefined : "sure";
  if (type === "file-history-snapshot" || type === "file-history-delta") return "sure";
  // A workflow's journal.
  if (type === "started" || type === "result")
    return asText(line["agentId"]) === null || hasSession ? undefined : "likely";
  if (hasSession && (isOwn || RECORDS.has(type))) return "sure";
  return hasSession && message === null && "parentUuid" in line && type !== "tool_result" ? "likely" : undefined;
}
