/**
 * `toolUseResult`: what Claude Code kept of a tool's result in addition to the text for the model, often in a better
 * form.
 */

import { relativePath } from "../blocks/excerpt.js";
import { languageOf } from "../blocks/language.js";
import { diffStat, structuredPatch } from "../blocks/patch.js";
import { processOutput } from "../blocks/tool-output.js";
import { type Block, code, type Detail, output, type ResultBlock } from "../entry.js";
import { asObject, asString, asText, type JsonObject } from "../json.js";

const TOOL_ERROR = /^<tool_use_error>([\s\S]*)<\/tool_use_error>$/;

/** The block with errors as plain text; the program writes them between tags. */
function plainErrors(block: ResultBlock): ResultBlock {
  const body = block.body.map((detail) => {
    if (detail.type !== "output") return detail;
    const words = TOOL_ERROR.exec(detail.text)?.[1] ?? detail.text;
    return output(words, block.failed ? "error" : detail.stream);
  });
  return { ...block, body };
}

/** `null`: nothing better than the text. */
function better(kept: JsonObject, cwd: string | null): { body: readonly Detail[]; note: string } | null {
  const path = relativePath(asText(kept["filePath"]) ?? "", cwd);
  const patch = structuredPatch(path, kept["structuredPatch"]);
  if (patch) {
    const { added, removed } = diffStat([patch]);
    return { body: [patch], note: `+${added} −${removed}` };
  }
  const file = asObject(kept["file"]);
  const content = asString(file?.["content"]);
  if (file && content !== null) {
    return { body: [code(content, languageOf(asString(file["filePath"]) ?? ""))], note: "" };
  }
  if (kept["isImage"] === true) return null;
  const process = processOutput(kept);
  return process && { body: process.body, note: kept["interrupted"] === true ? "interrupted" : "" };
}

/** The blocks, with the result's body taken from `kept` if that says more. */
export function claudeCodeResult(blocks: readonly Block[], kept: unknown, cwd: string | null): readonly Block[] {
  const object = asObject(kept);
  const single = blocks.filter((block) => block.type === "result").length === 1;
  const more = object && single ? better(object, cwd) : null;
  return blocks.map((block) => {
    if (block.type !== "result") return block;
    if (block.failed || more === null) return plainErrors(block);
    return { ...block, body: more.body, note: block.note || more.note };
  });
}
