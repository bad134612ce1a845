/**
 * Gemini CLI's lines: `{id, timestamp, type, content, …}`, a header, and changes: `{"$set": …}`, `{"$rewindTo": id}`.
 */
import { excerpt, words } from "../blocks/excerpt.js";
import { counted } from "../counted.js";
import { type Entry, entry, event } from "../entry.js";
import { genericEntry } from "../generic/entry.js";
import { asArray, asObject, asText, asTime, type JsonObject } from "../json.js";

function messageEntry(line: JsonObject): Entry {
  const type = asText(line["type"]) ?? "message";
  if (type === "user" || type === "gemini") return genericEntry(line);
  const content = asText(line["content"]) ?? "";
  return entry("event", [event(words(type), excerpt(content, 2000), type === "info" ? "quiet" : "warning")], {
    time: asTime(line["timestamp"]),
  });
}

const messagesIn = (value: unknown): readonly Entry[] =>
  (asArray(value) ?? []).flatMap((item) => {
    const message = asObject(item);
    return message ? [messageEntry(message)] : [];
  });

/** `null`: not one of Gemini CLI's lines. */
export function geminiEntries(line: JsonObject): readonly Entry[] | null {
  const set = asObject(line["$set"]);
  if (set) {
    const time = asTime(set["lastUpdated"]);
    const messages = messagesIn(set["messages"]);
    const what = asArray(set["messages"]) ? counted(messages.length, "message") : (asText(set["summary"]) ?? "");
    const label = asArray(set["messages"]) ? "Messages replaced" : "Session updated";
    return [entry("event", [event(label, excerpt(what))], { time }), ...messages];
  }
  const target = asText(line["$rewindTo"]);
  if (target !== null) return [entry("event", [event("Rewound", `to message ${excerpt(target)}`)])];
  if (asText(line["projectHash"]) !== null) {
    const head = event("Session", [asText(line["kind"]), asText(line["summary"])].filter(Boolean).join(" · "));
    return [entry("event", [head], { time: asTime(line["startTime"]) }), ...messagesIn(line["messages"])];
  }
  return asText(line["id"]) !== null && asText(line["type"]) !== null ? [messageEntry(line)] : null;
}
