/**
 * Codex's own records, each shown as one line. Messages and commands are in its response items, so these stay quiet.
 */

import { excerpt, words } from "../blocks/excerpt.js";
import { commandOf } from "../blocks/tool-call.js";
import { counted } from "../counted.js";
import { type EventBlock, event } from "../entry.js";
import { asArray, asNumber, asObject, asText, type JsonObject } from "../json.js";

const say = (payload: JsonObject, ...keys: readonly string[]): string => {
  for (const key of keys) {
    const value = asText(payload[key]);
    if (value !== null) return excerpt(value);
  }
  return "";
};

function tokenCount(payload: JsonObject): EventBlock {
  const total = asNumber(asObject(asObject(payload["info"])?.["total_token_usage"])?.["total_tokens"]);
  return event("Token count", total === null ? "" : counted(total, "token"));
}

function commandEnd(payload: JsonObject): EventBlock {
  const code = asNumber(payload["exit_code"]);
  const command = excerpt(commandOf(payload) ?? "", 120);
  return event("Command ended", code === null || code === 0 ? command : `exit code ${code} · ${command}`);
}

function eventMessage(payload: JsonObject): EventBlock {
  const type = asText(payload["type"]) ?? "event";
  switch (type) {
    case "token_count":
      return tokenCount(payload);
    case "exec_command_end":
      return commandEnd(payload);
    case "patch_apply_end":
      return event("Patch applied", counted(Object.keys(asObject(payload["changes"]) ?? {}).length, "file"));
    case "agent_message":
      return event("Message sent", say(payload, "message"));
    case "user_message":
      return event("Message received", say(payload, "message"));
    case "agent_reasoning":
      return event("Reasoning", say(payload, "text"));
    case "task_complete": {
      const ms = asNumber(payload["duration_ms"]);
      return event("Turn complete", ms === null ? "" : `${(ms / 1000).toFixed(1)} s`);
    }
    case "task_started":
      return event("Turn started");
    case "turn_aborted":
      return event("Turn stopped", say(payload, "reason"), "warning");
    case "error":
    case "stream_error":
      return event("Error", say(payload, "message"), "warning");
  }
  return event(
    words(type.replace(/^codex\/event\//, "")),
    say(payload, "message", "query", "thread_name", "tool", "text"),
  );
}

/** `null`: not one of Codex's records. */
export function codexEvent(type: string, payload: JsonObject): EventBlock | null {
  switch (type) {
    case "event_msg":
      return eventMessage(payload);
    case "session_meta":
      return event("Session", [say(payload, "cwd"), say(payload, "cli_version")].filter(Boolean).join(" · "));
    case "turn_context":
      return event(
        "Turn context",
        [say(payload, "model"), say(payload, "effort"), say(payload, "cwd")].filter(Boolean).join(" · "),
      );
    case "compacted":
      return event(
        "Conversation compacted",
        say(payload, "message") || counted((asArray(payload["replacement_history"]) ?? []).length, "kept message"),
      );
    case "world_state":
      return event("World state");
  }
  return null;
}
