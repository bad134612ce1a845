/** Tool results: text, images and exit codes, in the wrappings of several agents. */
import { type Detail, json, output, text } from "../entry.js";
import { asArray, asNumber, asObject, asString, asText, type JsonObject, parseJson } from "../json.js";
import { imageFromSource, imageFromUrl } from "./image.js";
import { withoutEscapes } from "./tagged.js";

export interface ToolOutput {
  readonly body: readonly Detail[];
  readonly exitCode: number | null;
}

const streams = (stdout: string | null, stderr: string | null): readonly Detail[] => [
  ...(stdout?.trim() ? [output(withoutEscapes(stdout))] : []),
  ...(stderr?.trim() ? [output(withoutEscapes(stderr), "stderr")] : []),
];

/** `{stdout, stderr, exitCode}` in its spellings; `null` for any other value. */
export function processOutput(value: JsonObject): ToolOutput | null {
  const stdout = asString(value["stdout"]) ?? asString(value["aggregated_output"]);
  const stderr = asString(value["stderr"]);
  if (stdout === null && stderr === null) return null;
  const code = asNumber(value["exitCode"]) ?? asNumber(value["exit_code"]);
  return { body: streams(stdout, stderr), exitCode: code };
}

const HEADER =
  /^(?:Chunk ID: .*\n)?Wall time: .*\n(?:Process (?:exited with code (-?\d+)|running with .*)\n)?(?:[A-Z][\w ]{0,40}: .*\n)?Output:\n?/;
const OLD_HEADER = /^Exit code: (-?\d+)\nWall time: .*\n(?:Total output lines: .*\n)?Output:\n?/;

/** Codex's text: a header with the exit code, then the output. */
function fromText(value: string): ToolOutput {
  const head = value.slice(0, 600);
  const match = HEADER.exec(head) ?? OLD_HEADER.exec(head);
  const rest = match === null ? value : value.slice(match[0].length);
  const code = match?.[1];
  return { body: streams(rest, null), exitCode: code === undefined ? null : Number(code) };
}

function fromItem(item: unknown): readonly Detail[] {
  const object = asObject(item);
  if (object === null) return typeof item === "string" ? streams(item, null) : [json(item)];
  const type = asString(object["type"]);
  if (type === "image") return [imageFromSource(asObject(object["source"]))];
  if (type === "input_image") return [imageFromUrl(asString(object["image_url"]))];
  const response = asObject(object["functionResponse"]);
  if (response) return toolOutput(response["response"]).body;
  if (type === "tool_reference") return [text(`\`${asString(object["tool_name"]) ?? "tool"}\``)];
  const words = asString(object["text"]);
  return words === null ? [json(object)] : streams(words, null);
}

/** Reads a result of any shape. */
export function toolOutput(value: unknown): ToolOutput {
  if (value === null || value === undefined) return { body: [], exitCode: null };
  if (typeof value === "string") {
    // Some tools wrap their output once more, as JSON text.
    const wrapped = value.startsWith('{"output":') ? asObject(parseJson(value)) : null;
    return wrapped ? toolOutput(wrapped) : fromText(value);
  }
  const list = asArray(value);
  if (list) return { body: list.flatMap(fromItem), exitCode: null };
  const object = asObject(value);
  if (object === null) return { body: [json(value)], exitCode: null };
  const process = processOutput(object);
  if (process) return process;
  const inner = object["output"] ?? object["content"];
  if (typeof inner === "string" || Array.isArray(inner)) {
    const code = asNumber(asObject(object["metadata"])?.["exit_code"]);
    const { body, exitCode } = toolOutput(inner);
    return { body, exitCode: code ?? exitCode };
  }
  const words = asText(object["text"]);
  return { body: words === null ? [json(object)] : streams(words, null), exitCode: null };
}
