/** Reads lines of any agent by what they have in common: a role, content, calls and results. */
import { callFrom, contentBlocks, toolResult } from "../blocks/content.js";
import { excerpt, words } from "../blocks/excerpt.js";
import { type Block, type Entry, entry, event, json, type Role, text } from "../entry.js";
import { asArray, asObject, asText, asTime, type JsonObject } from "../json.js";

const ROLES: { readonly [role: string]: Role } = {
  user: "user",
  human: "user",
  assistant: "assistant",
  model: "assistant",
  gemini: "assistant",
  agent: "assistant",
  agent_message: "assistant",
  system: "system",
  developer: "system",
  tool: "tool",
  toolResult: "tool",
  tool_result: "tool",
  function: "tool",
};

const roleNamed = (value: unknown): Role | null => {
  const name = (asText(value) ?? "").replace(/\.message$/, "");
  return Object.hasOwn(ROLES, name) ? (ROLES[name] ?? null) : null;
};

const thoughts = (line: JsonObject): readonly Block[] =>
  (asArray(line["thoughts"]) ?? []).flatMap((thought) => {
    const words = asText(asObject(thought)?.["description"]) ?? asText(asObject(thought)?.["summary"]);
    return words === null ? [] : [{ type: "thinking", text: words } satisfies Block];
  });

const calls = (line: JsonObject): readonly Block[] =>
  [...(asArray(line["tool_calls"]) ?? asArray(line["toolCalls"]) ?? asArray(line["toolRequests"]) ?? [])].flatMap(
    (item) => {
      const call = asObject(item);
      if (call === null) return [];
      return call["result"] === undefined
        ? [callFrom(call, null)]
        : [
            callFrom(call, null),
            toolResult({ ...call, tool_call_id: call["id"], is_error: call["status"] === "error" }, call["result"]),
          ];
    },
  );

/** Types that are a call or a result by themselves. */
function step(line: JsonObject, time: number | null): Entry | null {
  const type = asText(line["type"]);
  if (type === "tool_call" || type === "function_call" || type === "tool_use" || type === "tool.execution_start") {
    return entry("assistant", [callFrom(line, null)], { time });
  }
  if (type === "command_execution") {
    const call = callFrom(
      { name: "shell", input: line["input"] ?? { command: line["command"] ?? line["content"] } },
      null,
    );
    const printed = line["output"] ?? line["aggregated_output"];
    return entry("assistant", printed === undefined ? [call] : [call, toolResult(line, printed)], { time });
  }
  if (type === "reasoning" || type === "assistant.reasoning") {
    const summary = (asArray(line["summary"]) ?? []).map((item) => asText(asObject(item)?.["text"]) ?? "").join("\n\n");
    const words = summary || asText(line["content"]) || asText(asObject(line["content"])?.["text"]) || "";
    return entry("assistant", [{ type: "thinking", text: words }], { time });
  }
  if (type === "tool_result" || type === "function_result" || type === "tool.execution_complete") {
    const value =
      line["output"] ?? line["result"] ?? line["value"] ?? line["content"] ?? asObject(line["message"])?.["parts"];
    return entry("tool", [toolResult(line, value)], { time });
  }
  return type === "error"
    ? entry("event", [event("Error", excerpt(asText(line["text"]) ?? ""), "warning")], { time })
    : null;
}

function spoken(line: JsonObject, time: number | null): Entry | null {
  const message = asObject(line["message"]) ?? line;
  const role = roleNamed(message["role"]) ?? roleNamed(line["role"]) ?? roleNamed(line["type"]);
  if (role === null) return null;
  const content = message["content"] ?? message["parts"] ?? message["text"];
  if (role === "tool") return entry(role, [toolResult({ ...line, ...message }, content)], { time });
  const blocks = [...thoughts(line), ...contentBlocks(content, null), ...calls(message)];
  return entry(blocks.every(({ type }) => type === "result") && blocks.length > 0 ? "tool" : role, blocks, {
    time,
    model: asText(message["model"]) ?? asText(line["model"]),
  });
}

/** Any other record: one quiet line if it has a type, otherwise the whole record. */
const record = (line: JsonObject, time: number | null): Entry => {
  const type = asText(line["type"]);
  return type === null
    ? entry("event", [json(line)], { time })
    : entry("event", [event(words(type), excerpt(asText(line["message"]) ?? asText(line["text"]) ?? ""))], { time });
};

/** Copilot wraps its records in `data`, Codex's exec mode in `item`. */
function unwrapped(line: JsonObject): JsonObject {
  const inner = asObject(line["data"]) ?? asObject(line["item"]);
  return inner === null
    ? line
    : { type: line["type"], ...inner, ...(asObject(line["item"]) ? {} : { type: line["type"] }) };
}

export function genericEntry(line: JsonObject): Entry {
  const time = asTime(line["timestamp"]) ?? asTime(line["created_at"]) ?? asTime(line["time"]);
  const inner = unwrapped(line);
  const found = step(inner, time) ?? spoken(inner, time);
  if (found && found.blocks.length > 0) return found;
  const summary = asText(inner["summary"]);
  return summary === null ? record(line, time) : entry("system", [text(summary)], { time });
}
