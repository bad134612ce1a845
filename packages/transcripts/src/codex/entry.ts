/** Codex's lines: `{timestamp, type, payload}`; the oldest ones are bare payloads. */

import { callFrom, contentBlocks, toolResult } from "../blocks/content.js";
import { excerpt } from "../blocks/excerpt.js";
import { type Block, type Entry, entry, event } from "../entry.js";
import { asArray, asObject, asString, asText, asTime, type JsonObject } from "../json.js";
import { codexEvent } from "./events.js";

const textsOf = (value: unknown): string =>
  (asArray(value) ?? [])
    .map((item) => asString(asObject(item)?.["text"]) ?? "")
    .filter((words) => words !== "")
    .join("\n\n");

function message(item: JsonObject, time: number | null): Entry {
  const blocks = contentBlocks(item["content"], null);
  const role = asText(item["role"]) ?? "assistant";
  const onlyContext = blocks.length > 0 && blocks.every((block) => block.type === "context");
  if (role === "developer") return entry("system", blocks, { time, label: "Developer" });
  if (role === "system" || (role === "user" && onlyContext)) return entry("system", blocks, { time });
  return entry(role === "user" ? "user" : "assistant", blocks, { time, model: asText(item["model"]) });
}

function webSearch(item: JsonObject): Block {
  const action = asObject(item["action"]);
  return {
    type: "call",
    id: null,
    name: "web_search",
    summary: excerpt(asText(action?.["query"]) ?? asText(action?.["url"]) ?? ""),
    body: [],
  };
}

/** `null`: not one of Codex's response items. */
function responseItem(item: JsonObject, time: number | null): Entry | null {
  switch (item["type"]) {
    case undefined:
      return asText(item["role"]) === null ? null : message(item, time);
    case "message":
      return message(item, time);
    case "reasoning":
      return entry("assistant", [{ type: "thinking", text: textsOf(item["summary"]) || textsOf(item["content"]) }], {
        time,
      });
    case "function_call":
    case "custom_tool_call":
    case "tool_call":
    case "local_shell_call": {
      const { id: _, ...parts } = item;
      return entry(
        "assistant",
        [
          callFrom(
            item["type"] === "local_shell_call" ? { ...parts, name: "shell", input: item["action"] } : parts,
            null,
          ),
        ],
        { time },
      );
    }
    case "web_search_call":
      return entry("assistant", [webSearch(item)], { time });
    case "function_call_output":
    case "custom_tool_call_output":
    case "tool_result":
    case "function_result":
      return entry("tool", [toolResult(item, item["output"] ?? item["result"])], { time });
  }
  return null;
}

/** `null`: not one of Codex's lines. */
export function codexEntry(line: JsonObject): Entry | null {
  const time = asTime(line["timestamp"]) ?? asTime(line["created_at"]);
  const payload = asObject(line["payload"]);
  if (payload === null) return responseItem(line, time);
  if (line["type"] === "response_item") {
    const type = asText(payload["type"]) ?? "response item";
    return responseItem(payload, time) ?? entry("event", [event(type)], { time });
  }
  const record = codexEvent(asText(line["type"]) ?? "", payload);
  return record && entry("event", [record], { time });
}
