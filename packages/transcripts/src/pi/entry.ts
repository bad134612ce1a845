/** pi's lines: `{type, id, parentId, timestamp, …}`, most of them around a `message`. */
import { callFrom, contentBlocks, toolResult } from "../blocks/content.js";
import { excerpt, words } from "../blocks/excerpt.js";
import { type Entry, entry, event, text } from "../entry.js";
import { genericEntry } from "../generic/entry.js";
import { asObject, asText, asTime, type JsonObject } from "../json.js";

/** A command that the user ran. */
function shellEntry(message: JsonObject, time: number | null): Entry {
  const call = callFrom({ name: "bash", input: { command: message["command"] } }, null);
  const printed = { stdout: message["output"], exitCode: message["exitCode"] };
  return entry("user", [call, toolResult({}, printed)], { time });
}

function recordEntry(line: JsonObject, time: number | null): Entry {
  const type = asText(line["type"]) ?? "record";
  const telling = ["cwd", "modelId", "thinkingLevel", "name", "label", "customType"].map((key) => asText(line[key]));
  return entry("event", [event(words(type), excerpt(telling.find((found) => found !== null) ?? ""))], { time });
}

/** `null`: not one of pi's lines. */
export function piEntries(line: JsonObject): readonly Entry[] | null {
  const type = asText(line["type"]);
  if (type === null) return null;
  const time = asTime(line["timestamp"]);
  const message = asObject(line["message"]);
  if (message?.["role"] === "bashExecution") return [shellEntry(message, time)];
  if (message) return [genericEntry(line)];
  const summary = asText(line["summary"]);
  if (summary !== null) return [entry("system", [text(summary)], { time, label: "Summary so far" })];
  if (type === "custom_message") return [entry("system", contentBlocks(line["content"], null), { time })];
  return [recordEntry(line, time)];
}
