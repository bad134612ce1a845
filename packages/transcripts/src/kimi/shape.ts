import type { Fit } from "../agent.js";
import { asNumber, asObject, asText, type JsonObject } from "../json.js";

const TYPES =
  /^(?:turn\.\w+|context\.(?:append|clear|compact)\w*|config\.update|usage\.record|llm\.\w+|tools\.set_active_tools|permission\.record_\w+)$/;

/** Recognises `wire.jsonl` of Kimi Code, and of the earlier Kimi CLI, whose lines wrap a typed message. */
export function kimiFit(line: JsonObject): Fit {
  const type = asText(line["type"]);
  if (type === null) {
    const message = asObject(line["message"]);
    const isWire = asNumber(line["timestamp"]) !== null && asText(message?.["type"]) !== null;
    return isWire && asObject(message?.["payload"]) ? "sure" : undefined;
  }
  if (type === "metadata") return asText(line["protocol_version"]) === null ? undefined : "sure";
  if (!TYPES.test(type)) return undefined;
  return asNumber(line["time"]) !== null || asObject(line["event"]) ? "sure" : undefined;
}
