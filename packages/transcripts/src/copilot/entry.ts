/**
 * Copilot CLI's lines: `{type, data, id, timestamp, parentId}`. Messages and tools are read as in any agent's lines.
 */
import { excerpt, words } from "../blocks/excerpt.js";
import { type Block, type Entry, entry, event } from "../entry.js";
import { genericEntry } from "../generic/entry.js";
import { asObject, asText, asTime, type JsonObject } from "../json.js";

const SPOKEN = /^(?:(?:user|assistant|system)\.message|assistant\.reasoning|tool\.execution_start)$/;

function sessionEvent(type: string, data: JsonObject): Entry {
  const telling = [
    "message",
    "newModel",
    "reason",
    "summaryContent",
    "content",
    "agentDisplayName",
    "hookType",
    "turnId",
  ];
  const detail = telling.map((key) => asText(data[key])).find((text) => text !== null) ?? "";
  const cwd = type === "session.start" || type === "session.resume" ? asText(asObject(data["context"])?.["cwd"]) : null;
  const isWrong = type === "abort" || type.endsWith("error");
  return entry("event", [event(words(type), excerpt(cwd ?? detail), isWrong ? "warning" : "quiet")]);
}

/** `null`: not one of Copilot CLI's lines. */
export function copilotEntries(line: JsonObject): readonly Entry[] | null {
  const type = asText(line["type"]);
  const data = asObject(line["data"]);
  if (type === null || data === null) return null;
  const time = asTime(line["timestamp"]);
  if (type === "tool.execution_complete") {
    const result = data["result"] ?? asText(asObject(data["error"])?.["message"]) ?? "";
    const failed = data["success"] === false;
    return [genericEntry({ ...line, data: { ...data, result, isError: failed } })];
  }
  if (!SPOKEN.test(type)) return [{ ...sessionEvent(type, data), time }];
  const found = genericEntry(line);
  const reasoning = asText(data["reasoningText"]);
  const thinking: readonly Block[] = reasoning === null ? [] : [{ type: "thinking", text: reasoning }];
  return [{ ...found, blocks: [...thinking, ...found.blocks] }];
}
