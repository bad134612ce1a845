/** Claude Code's own records, each shown as one line. */

import { excerpt, words } from "../blocks/excerpt.js";
import { counted } from "../counted.js";
import { type EventBlock, event } from "../entry.js";
import { asArray, asNumber, asObject, asText, type JsonObject } from "../json.js";

const seconds = (ms: number | null): string => (ms === null ? "" : `${(ms / 1000).toFixed(1)} s`);
const first = (line: JsonObject, ...keys: readonly string[]): string => {
  for (const key of keys) {
    const value = asText(line[key]);
    if (value !== null) return excerpt(value);
  }
  return "";
};

function systemEvent(line: JsonObject): EventBlock {
  const subtype = asText(line["subtype"]) ?? "system";
  switch (subtype) {
    case "turn_duration":
      return event("Turn took", seconds(asNumber(line["durationMs"])));
    case "stop_hook_summary":
      return event("Stop hooks", counted(asNumber(line["hookCount"]) ?? 0, "hook"));
    case "compact_boundary": {
      const before = asNumber(asObject(line["compactMetadata"])?.["preTokens"]);
      return event("Conversation compacted", before === null ? "" : `was ${counted(before, "token")}`);
    }
    case "error":
    case "api_error": {
      const error = asObject(line["error"]);
      const message = asText(error?.["formatted"]) ?? asText(error?.["message"]) ?? asText(line["cause"]) ?? "";
      return event("API error", excerpt(message), "warning");
    }
    case "local_command": {
      const name = /<command-name>([^<]*)<\/command-name>/.exec(first(line, "content"))?.[1];
      return event("Command", name?.trim() ?? first(line, "content"));
    }
  }
  return event(words(subtype), first(line, "content"), subtype.includes("refusal") ? "warning" : "quiet");
}

function attachmentEvent(attachment: JsonObject): EventBlock {
  const type = asText(attachment["type"]) ?? "attachment";
  const items = asArray(attachment["content"]) ?? asArray(attachment["files"]);
  const about = first(
    attachment,
    "displayPath",
    "filename",
    "hookName",
    "prompt",
    "text",
    "path",
    "planFilePath",
    "newDate",
    "banner",
    "description",
  );
  return event(words(type), about || (items ? counted(items.length, "item") : first(attachment, "content")));
}

function snapshotEvent(line: JsonObject): EventBlock {
  const files = asObject(asObject(line["snapshot"])?.["trackedFileBackups"]);
  return event(
    "File history",
    files ? counted(Object.keys(files).length, "tracked file") : first(line, "trackingPath"),
  );
}

/** For each simple type of record, the keys that say what it is about. */
const TELLING: { readonly [type: string]: readonly string[] } = {
  summary: ["summary"],
  "ai-title": ["aiTitle"],
  "custom-title": ["customTitle"],
  "agent-name": ["agentName"],
  "last-prompt": ["lastPrompt"],
  "permission-mode": ["permissionMode"],
  mode: ["mode"],
  "queue-operation": ["content", "operation"],
  "bridge-session": ["bridgeSessionId"],
  "pr-link": ["prUrl"],
  "frame-link": ["title", "path"],
  relocated: ["relocatedCwd"],
  "worktree-state": [],
  started: ["agentId"],
  result: ["agentId"],
  "atis-latch": [],
};

/** `null`: not one of Claude Code's records. */
export function claudeCodeEvent(line: JsonObject): EventBlock | null {
  const type = asText(line["type"]);
  if (type === null) return null;
  if (type === "user" || type === "assistant") return event("Message without content");
  if (type === "system" && asObject(line["systemPayload"]) === null) return systemEvent(line);
  if (type === "attachment") return attachmentEvent(asObject(line["attachment"]) ?? line);
  if (type === "progress") {
    const data = asObject(line["data"]) ?? line;
    return event(words(asText(data["type"]) ?? type), first(data, "command", "query", "hookName", "output", "message"));
  }
  if (type === "file-history-snapshot" || type === "file-history-delta") return snapshotEvent(line);
  const keys = Object.hasOwn(TELLING, type) ? TELLING[type] : undefined;
  return keys ? event(words(type), first(line, ...keys)) : null;
}
