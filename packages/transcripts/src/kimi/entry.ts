/**
 * Kimi's lines: events of Kimi Code (`{type, time, …}`), and of the Kimi CLI (`{timestamp, message: {type, payload}}`).
 */
import { callFrom, contentBlocks, toolResult } from "../blocks/content.js";
import { excerpt, words } from "../blocks/excerpt.js";
import { type Block, type Entry, entry, event } from "../entry.js";
import { genericEntry } from "../generic/entry.js";
import { asObject, asString, asText, asTime, type JsonObject } from "../json.js";

type More = Pick<Entry, "time">;

function partBlocks(part: JsonObject): readonly Block[] {
  const thought = asString(part["think"]);
  return thought === null ? contentBlocks(part["text"] ?? [part], null) : [{ type: "thinking", text: thought }];
}

function result(about: JsonObject, value: JsonObject | null, more: More): Entry {
  const failed = value?.["is_error"] === true || value?.["isError"] === true;
  const printed = value?.["output"] ?? value?.["message"] ?? "";
  return entry("tool", [toolResult({ ...about, is_error: failed }, printed)], more);
}

/** An event inside a turn. */
function loopEntry(loop: JsonObject, more: More): Entry {
  const type = asText(loop["type"]) ?? "event";
  const part = asObject(loop["part"]);
  if (part) return entry("assistant", partBlocks(part), more);
  if (type === "tool.call") {
    const { toolCallId, name, args } = loop;
    return entry("assistant", [callFrom({ toolCallId, name, args }, null)], more);
  }
  if (type === "tool.result") return result({ toolCallId: loop["toolCallId"] }, asObject(loop["result"]), more);
  return entry("event", [event(words(type), asText(loop["finishReason"]) ?? "")], more);
}

function wireEntry(type: string, payload: JsonObject, more: More): Entry {
  switch (type) {
    case "TurnBegin":
    case "SteerInput":
      return entry("user", contentBlocks(payload["user_input"] ?? payload["text"], null), more);
    case "ContentPart":
      return entry("assistant", partBlocks(payload), more);
    case "ToolCall":
      return entry("assistant", [callFrom(payload, null)], more);
    case "ToolResult":
      return result({ tool_call_id: payload["tool_call_id"] }, asObject(payload["return_value"]) ?? payload, more);
  }
  return entry(
    "event",
    [event(words(type), excerpt(asText(payload["text"]) ?? asText(payload["description"]) ?? ""))],
    more,
  );
}

function recordEntry(line: JsonObject, type: string, more: More): Entry {
  const telling = ["protocol_version", "cwd", "model", "modelAlias", "profileName", "toolName"].map((key) =>
    asText(line[key]),
  );
  return entry("event", [event(words(type), excerpt(telling.find((text) => text !== null) ?? ""))], more);
}

/** `null`: not one of Kimi's lines. */
export function kimiEntries(line: JsonObject): readonly Entry[] | null {
  const message = asObject(line["message"]);
  const more = { time: asTime(line["time"]) ?? asTime(line["timestamp"]) ?? asTime(line["created_at"]) };
  const type = asText(line["type"]);
  const payload = asObject(message?.["payload"]);
  if (type === null) return payload ? [wireEntry(asText(message?.["type"]) ?? "event", payload, more)] : null;
  if (type === "turn.prompt" || type === "turn.steer") {
    const isUser = (asText(asObject(line["origin"])?.["kind"]) ?? "user") === "user";
    return [entry(isUser ? "user" : "system", contentBlocks(line["input"], null), more)];
  }
  const loop = asObject(line["event"]);
  if (loop) return [loopEntry(loop, more)];
  if (message) {
    const found = { ...genericEntry(line), ...more };
    // The prompt again, as the model gets it.
    return [found.role === "user" ? { ...found, role: "system", label: "Given to the model" } : found];
  }
  return [recordEntry(line, type, more)];
}
