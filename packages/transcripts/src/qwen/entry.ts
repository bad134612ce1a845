/** Qwen Code's lines: `{uuid, sessionId, timestamp, type, message: {role, parts}, …}`, and records with a `systemPayload`. */
import { contentBlocks } from "../blocks/content.js";
import { excerpt, words } from "../blocks/excerpt.js";
import { type Entry, entry, event } from "../entry.js";
import { asObject, asText, asTime, type JsonObject } from "../json.js";

function recordEntry(line: JsonObject, time: number | null): Entry {
  const payload = asObject(line["systemPayload"]);
  const name = asText(line["subtype"]) ?? asText(line["type"]) ?? "record";
  const telling = ["displayText", "rawCommand", "customTitle", "text", "message", "phase"].map((key) =>
    asText(payload?.[key]),
  );
  const uiEvent = asText(asObject(payload?.["uiEvent"])?.["event.name"]);
  return entry("event", [event(words(name), excerpt(telling.find((text) => text !== null) ?? uiEvent ?? ""))], {
    time,
  });
}

/** `null`: not one of Qwen Code's lines. */
export function qwenEntries(line: JsonObject): readonly Entry[] | null {
  const type = asText(line["type"]);
  const message = asObject(line["message"]);
  if (type === null) return null;
  const time = asTime(line["timestamp"]);
  const blocks = contentBlocks(message?.["parts"] ?? message?.["content"], asText(line["cwd"]));
  if (blocks.length === 0) return [recordEntry(line, time)];
  const more = { time, model: asText(line["model"]) };
  if (type === "assistant" || message?.["role"] === "model") return [entry("assistant", blocks, more)];
  if (blocks.every((block) => block.type === "result")) return [entry("tool", blocks, more)];
  // What the program says to the model in the user's name.
  const subtype = asText(line["subtype"]);
  if (type === "user" && subtype === null) return [entry("user", blocks, more)];
  return [entry("system", blocks, { ...more, label: subtype === null ? null : words(subtype) })];
}
