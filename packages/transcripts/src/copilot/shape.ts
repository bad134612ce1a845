import type { Fit } from "../agent.js";
import { asObject, asText, type JsonObject } from "../json.js";

const TYPES =
  /^(?:abort|(?:session|user|assistant|tool|hook|system|subagent|skill|permission|external_tool|command)\.\w+)$/;

export function copilotFit(line: JsonObject): Fit {
  if (asObject(line["data"]) === null || !TYPES.test(asText(line["type"]) ?? "")) return undefined;
  return asText(line["id"]) !== null && "parentId" in line ? "sure" : "likely";
}
