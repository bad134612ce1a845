/** Claude Code's lines: `{type, message: {role, content}, timestamp, cwd, …}`, and records of its own. */

import { contentBlocks } from "../blocks/content.js";
import { type Block, type Entry, entry, type Role } from "../entry.js";
import { asObject, asText, asTime, type JsonObject } from "../json.js";
import { claudeCodeEvent } from "./events.js";
import { claudeCodeResult } from "./result.js";

const onlyProgramText = (blocks: readonly Block[]): boolean =>
  blocks.length > 0 && blocks.every((block) => block.type === "context" || block.type === "output");

function roleOf(line: JsonObject, blocks: readonly Block[]): Role {
  if (line["type"] === "assistant") return "assistant";
  if (blocks.some((block) => block.type === "result")) return "tool";
  return line["isMeta"] === true || line["isCompactSummary"] === true || onlyProgramText(blocks) ? "system" : "user";
}

function labelOf(line: JsonObject, role: Role): string | null {
  if (line["isCompactSummary"] === true) return "Summary so far";
  return line["isSidechain"] === true && role === "assistant" ? "Subagent" : null;
}

/** `null`: not one of Claude Code's lines. */
export function claudeCodeEntry(line: JsonObject): Entry | null {
  const message = asObject(line["message"]);
  const isMessage = line["type"] === "user" || line["type"] === "assistant";
  const time = asTime(line["timestamp"]);
  if (!isMessage || message === null || message["content"] === undefined) {
    const record = claudeCodeEvent(line);
    return record && entry("event", [record], { time });
  }
  const plain = contentBlocks(message["content"], asText(line["cwd"]));
  const blocks = claudeCodeResult(plain, line["toolUseResult"], asText(line["cwd"]));
  const role = roleOf(line, blocks);
  return entry(role, blocks, { time, label: labelOf(line, role), model: asText(message["model"]) });
}
