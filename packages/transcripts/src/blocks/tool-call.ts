/** Tool calls: a one-line summary, and the parts of the input that have a form of their own. */
import { type CallBlock, code, type Detail, json, type TodosBlock, text } from "../entry.js";
import { asArray, asObject, asString, asText, type JsonObject, parseJson } from "../json.js";
import { excerpt, relativePath } from "./excerpt.js";
import { languageOf } from "./language.js";
import { applyPatchDiffs, editDiff } from "./patch.js";

/** The first of these keys that is present says what a call is about. */
const TELLING = [
  "file_path",
  "path",
  "notebook_path",
  "pattern",
  "query",
  "url",
  "skill",
  "subject",
  "description",
  "task_id",
  "taskId",
  "prompt",
  "name",
];

/** A command line, from a string or from `["bash", "-lc", "…"]`. */
export function commandOf(input: JsonObject): string | null {
  const command = input["command"] ?? input["cmd"];
  const parts = asArray(command)?.filter((part) => typeof part === "string");
  if (!parts) return asText(command);
  const script = parts.length === 3 && /^-l?c$/.test(parts[1] ?? "") ? parts[2] : parts.join(" ");
  return asText(script);
}

const STATUS: { readonly [status: string]: "active" | "done" } = { in_progress: "active", completed: "done" };

function todosOf(value: unknown): TodosBlock | null {
  const items = (asArray(value) ?? []).flatMap((item) => {
    const todo = asObject(item);
    const words = asText(todo?.["content"]) ?? asText(todo?.["step"]) ?? asText(todo?.["subject"]);
    const status = asString(todo?.["status"]) ?? "";
    return words === null
      ? []
      : [{ text: words, status: Object.hasOwn(STATUS, status) ? (STATUS[status] ?? "pending") : ("pending" as const) }];
  });
  return items.length === 0 ? null : { type: "todos", items };
}

/** One diff per edit; `null` if the input is not an edit. */
function editsOf(input: JsonObject, path: string): readonly Detail[] | null {
  const edits = asArray(input["edits"]) ?? [input];
  const diffs = edits.flatMap((item) => {
    const edit = asObject(item);
    const before = asString(edit?.["old_string"]);
    const after = asString(edit?.["new_string"]);
    return before === null || after === null ? [] : [editDiff(path, before, after)];
  });
  return diffs.length === 0 ? null : diffs;
}

function summaryOf(input: JsonObject, cwd: string | null): string {
  const command = commandOf(input);
  if (command !== null) return excerpt(command);
  for (const key of TELLING) {
    const value = asText(input[key]);
    if (value !== null) return excerpt(relativePath(value, cwd));
  }
  const question = asObject(asArray(input["questions"])?.[0])?.["question"];
  return excerpt(asText(question) ?? "");
}

function bodyOf(input: JsonObject, path: string): readonly Detail[] {
  const command = commandOf(input);
  if (command !== null) return [code(command, "bash")];
  const edits = editsOf(input, path);
  if (edits) return edits;
  const content = asString(input["content"]);
  if (content !== null && path !== "") return [code(content, languageOf(path))];
  const todos = todosOf(input["todos"] ?? input["plan"]);
  if (todos) return [todos];
  const plan = asText(input["plan"]) ?? asText(input["prompt"]);
  if (plan !== null) return [text(plan)];
  return Object.keys(input).length === 0 ? [] : [json(input)];
}

export interface CallParts {
  readonly id: string | null;
  readonly name: string | null;
  /** An object, JSON as text, or plain text. */
  readonly input: unknown;
  readonly cwd: string | null;
}

export function toolCall({ id, name, input, cwd }: CallParts): CallBlock {
  const call = { type: "call", id, name: name ?? "Tool" } as const;
  const given = asText(input);
  const value = given === null ? input : parseJson(given);
  const object = asObject(value);
  if (object) {
    const path = relativePath(asText(object["file_path"]) ?? asText(object["path"]) ?? "", cwd);
    const patch = applyPatchDiffs(asString(object["patch"]) ?? asString(object["input"]) ?? commandOf(object) ?? "");
    return patch
      ? { ...call, summary: patch.map((diff) => relativePath(diff.path, cwd)).join(", "), body: patch }
      : { ...call, summary: summaryOf(object, cwd), body: bodyOf(object, path) };
  }
  if (given === null) return { ...call, summary: "", body: input === undefined || input === null ? [] : [json(input)] };
  const patch = applyPatchDiffs(given);
  if (patch) {
    const summary = patch.map((diff) => relativePath(diff.path, cwd)).join(", ");
    return { ...call, summary: excerpt(summary), body: patch };
  }
  return { ...call, summary: excerpt(given), body: [code(given)] };
}
