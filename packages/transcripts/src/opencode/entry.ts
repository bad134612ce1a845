/** The stream of `opencode run --format json`: `{type, timestamp, sessionID, part}`. */
import { callFrom, toolResult } from "../blocks/content.js";
import { excerpt, words } from "../blocks/excerpt.js";
import { taggedBlocks } from "../blocks/tagged.js";
import { counted } from "../counted.js";
import { type Block, type Entry, entry, event } from "../entry.js";
import { asNumber, asObject, asString, asText, asTime, type JsonObject } from "../json.js";

function toolBlocks(part: JsonObject): readonly Block[] {
  const state = asObject(part["state"]) ?? {};
  const id = asText(part["callID"]) ?? asText(part["id"]);
  const call = callFrom({ id, name: part["tool"], input: state["input"] }, null);
  const error = asText(state["error"]);
  const output = error ?? state["output"];
  const about = { call_id: id, name: part["tool"], is_error: error !== null };
  return output === undefined || output === null ? [call] : [call, toolResult(about, output)];
}

function errorEvent(error: JsonObject | null): Block {
  const message =
    asText(asObject(error?.["data"])?.["message"]) ?? asText(error?.["message"]) ?? asText(error?.["name"]);
  return event("Error", excerpt(message ?? ""), "warning");
}

/** `null`: not one of opencode's lines. */
export function opencodeEntries(line: JsonObject): readonly Entry[] | null {
  const type = asText(line["type"]);
  if (type === null) return null;
  const time = asTime(line["timestamp"]);
  if (type === "error") return [entry("event", [errorEvent(asObject(line["error"]))], { time })];
  const part = asObject(line["part"]);
  if (part === null) return null;
  const words_ = asString(part["text"]);
  if (type === "reasoning") return [entry("assistant", [{ type: "thinking", text: words_ ?? "" }], { time })];
  if (part["type"] === "tool" || type === "tool_use") return [entry("assistant", toolBlocks(part), { time })];
  if (words_ !== null) return [entry("assistant", taggedBlocks(words_), { time })];
  const total = asNumber(asObject(part["tokens"])?.["output"]);
  return [entry("event", [event(words(type), total === null ? "" : counted(total, "token"))], { time })];
}
