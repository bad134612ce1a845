import type { Facts } from "../agent.js";
import { asArray, asObject, asText, asTokens, type JsonObject } from "../json.js";

const messagesIn = (line: JsonObject): readonly JsonObject[] =>
  (asArray(line["messages"]) ?? []).map(asObject).filter((item) => item !== null);

/** A line with the id of an earlier one replaces it, and so do its tokens. */
export function geminiFacts(line: JsonObject): Facts {
  const set = asObject(line["$set"]);
  if (set) return { title: asText(set["summary"]), messages: messagesIn(set) };
  const tokens = asObject(line["tokens"]);
  const cacheRead = asTokens(tokens?.["cached"]);
  return {
    id: asText(line["sessionId"]),
    messages: messagesIn(line),
    cwd: asText(asArray(line["directories"])?.[0]),
    title: asText(line["summary"]),
    model: asText(line["model"]),
    step: asText(line["id"]),
    usage: tokens && {
      input: Math.max(0, asTokens(tokens["input"]) - cacheRead),
      output: asTokens(tokens["output"]) + asTokens(tokens["thoughts"]),
      cacheRead,
      cacheWrite: 0,
    },
  };
}
