import type { Fit } from "../agent.js";
import { asObject, asText, type JsonObject } from "../json.js";

const NOTES: ReadonlySet<unknown> = new Set(["user", "info", "warning", "error"]);

/** Recognises a log of a header, messages, and changes to what came before; or all of it in one document. */
export function geminiFit(line: JsonObject): Fit {
  if (asText(line["sessionId"]) !== null && asText(line["projectHash"]) !== null) return "sure";
  if (asObject(line["$set"]) || asText(line["$rewindTo"]) !== null) return "sure";
  if (asText(line["id"]) === null || line["content"] === undefined || line["message"] !== undefined) return undefined;
  if (line["type"] === "gemini") return "sure";
  const isPlain = line["sessionId"] === undefined && line["session_id"] === undefined && line["parentId"] === undefined;
  return isPlain && asText(line["timestamp"]) !== null && NOTES.has(line["type"]) ? "likely" : undefined;
}
