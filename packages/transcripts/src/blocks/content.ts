/** Reads a message's content: a string, or a list of blocks, in the spellings of the known agents. */
import { type Block, json, type ResultBlock } from "../entry.js";
import { asArray, asObject, asString, asText, type JsonObject } from "../json.js";
import { image, imageFromSource, imageFromUrl } from "./image.js";
import { taggedBlocks } from "./tagged.js";
import { toolCall } from "./tool-call.js";
import { toolOutput } from "./tool-output.js";

export const exitNote = (code: number | null): string => (code === null || code === 0 ? "" : `exit code ${code}`);

export function toolResult(block: JsonObject, value: unknown): ResultBlock {
  const { body, exitCode } = toolOutput(value);
  return {
    type: "result",
    callId:
      asText(block["tool_use_id"]) ??
      asText(block["call_id"]) ??
      asText(block["tool_call_id"]) ??
      asText(block["toolCallId"]),
    name: asText(block["name"]) ?? asText(block["toolName"]) ?? asText(block["tool_name"]),
    failed: block["is_error"] === true || block["isError"] === true || (exitCode !== null && exitCode !== 0),
    note: exitNote(exitCode),
    body,
  };
}

const callParts = (block: JsonObject, cwd: string | null) => ({
  id: asText(block["id"]) ?? asText(block["call_id"]) ?? asText(block["toolCallId"]),
  name:
    asText(block["name"]) ??
    asText(block["toolName"]) ??
    asText(block["tool"]) ??
    asText(asObject(block["function"])?.["name"]) ??
    asText(block["function"]),
  input:
    block["input"] ??
    block["arguments"] ??
    block["parameters"] ??
    block["args"] ??
    asObject(block["function"])?.["arguments"],
  cwd,
});

export const callFrom = (block: JsonObject, cwd: string | null): Block => toolCall(callParts(block, cwd));

/** A result as in Gemini's API: `{id, name, response: {output} or {error}}`. */
function responseResult(block: JsonObject): Block {
  const response = asObject(block["response"]);
  const error = asText(response?.["error"]);
  return toolResult(
    { name: block["name"], call_id: block["id"], is_error: error !== null },
    error ?? block["response"],
  );
}

function contentBlock(value: unknown, cwd: string | null): readonly Block[] {
  if (typeof value === "string") return taggedBlocks(value);
  const block = asObject(value);
  if (block === null) return [json(value)];
  switch (block["type"]) {
    case "thinking":
    case "reasoning":
    case "redacted_thinking":
      return [{ type: "thinking", text: asString(block["thinking"]) ?? asString(block["text"]) ?? "" }];
    case "tool_use":
    case "tool_call":
    case "toolCall":
    case "server_tool_use":
      return [callFrom(block, cwd)];
    case "tool_result":
    case "tool-result":
    case "toolResult":
      return [toolResult(block, block["content"] ?? block["output"] ?? block["result"] ?? block["text"])];
    case "image":
      return [
        asObject(block["source"])
          ? imageFromSource(asObject(block["source"]))
          : image(asString(block["mimeType"]), asString(block["data"])),
      ];
    case "input_image":
      return [imageFromUrl(asString(block["image_url"]))];
  }
  const words = asString(block["text"]);
  if (words !== null) return block["thought"] === true ? [{ type: "thinking", text: words }] : taggedBlocks(words);
  const call = asObject(block["functionCall"]);
  if (call) return [callFrom(call, cwd)];
  const response = asObject(block["functionResponse"]);
  if (response) return [responseResult(response)];
  return [json(block)];
}

export function contentBlocks(content: unknown, cwd: string | null): readonly Block[] {
  if (content === null || content === undefined) return [];
  const list = asArray(content);
  return list ? list.flatMap((item) => contentBlock(item, cwd)) : contentBlock(content, cwd);
}
