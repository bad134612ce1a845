/** Splits messages in which the agent's program has put its own text between tags. */
import { type Block, type ContextBlock, output, type TextBlock, text } from "../entry.js";

/** Shown folded, under the tag's name. */
const CONTEXT: ReadonlySet<string> = new Set([
  "system-reminder",
  "ide_opened_file",
  "ide_selection",
  "ide_diagnostics",
  "environment_context",
  "user_instructions",
  "INSTRUCTIONS",
  "permissions instructions",
  "app-context",
  "collaboration_mode",
  "apps_instructions",
  "skills_instructions",
  "plugins_instructions",
  "local-command-caveat",
  "task-notification",
  "turn_aborted",
  "user_info",
  "subagent_notification",
  "git-context",
  "qwen:user-prompt-submit-context",
]);
const OUTPUT: ReadonlySet<string> = new Set(["local-command-stdout", "bash-stdout"]);
const ERRORS: ReadonlySet<string> = new Set(["local-command-stderr", "bash-stderr"]);
/** The words inside are the user's. */
const PLAIN: ReadonlySet<string> = new Set(["user_query", "command-contents"]);
const COMMAND: ReadonlySet<string> = new Set(["command-name", "command-message", "command-args", "bash-input"]);
const isKnown = (tag: string): boolean =>
  CONTEXT.has(tag) || OUTPUT.has(tag) || ERRORS.has(tag) || PLAIN.has(tag) || COMMAND.has(tag);

const OPENING = /<([A-Za-z][A-Za-z_: -]{2,40})>/g;
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, "g");

/** The text without a terminal's colour codes. */
export const withoutEscapes = (value: string): string =>
  value.includes(String.fromCharCode(27)) ? value.replace(ESCAPES, "") : value;

function tagged(tag: string, inner: string, args: string): readonly Block[] {
  const value = inner.trim();
  if (CONTEXT.has(tag)) return [{ type: "context", name: tag, text: value } satisfies ContextBlock];
  if (tag === "command-name") return [{ type: "code", text: `${value} ${args}`.trim(), language: null }];
  if (tag === "bash-input") return [{ type: "code", text: value, language: "bash" }];
  if (COMMAND.has(tag) || value === "") return [];
  if (PLAIN.has(tag)) return [text(value)];
  return [output(withoutEscapes(value), ERRORS.has(tag) ? "stderr" : "output")];
}

/** Where the tag closes: at the very end if it encloses the whole text, which may itself mention the tag. */
function endOf(value: string, tag: string, opened: number, start: number): number {
  const close = `</${tag}>`;
  const whole = value.slice(0, opened).trim() === "" && value.trimEnd().endsWith(close);
  const inner = whole && !value.includes(`<${tag}>`, value.indexOf(close, start));
  return inner ? value.lastIndexOf(close) : value.indexOf(close, start);
}

/** The text as blocks; text without known tags is one Markdown block. */
export function taggedBlocks(value: string): readonly Block[] {
  if (!value.includes("</")) return value.trim() === "" ? [] : [text(value)];
  const args = /<command-args>([^<]*)<\/command-args>/.exec(value.slice(0, 10_000))?.[1]?.trim() ?? "";
  const blocks: Block[] = [];
  let done = 0;
  const plain = (to: number): void => {
    const part = value.slice(done, to);
    if (part.trim() !== "") blocks.push({ type: "text", text: part.trim() } satisfies TextBlock);
  };
  OPENING.lastIndex = 0;
  for (let match = OPENING.exec(value); match !== null && blocks.length < 100; match = OPENING.exec(value)) {
    const tag = match[1] ?? "";
    if (!isKnown(tag)) continue;
    const start = OPENING.lastIndex;
    const end = endOf(value, tag, match.index, start);
    if (end < 0) break;
    plain(match.index);
    blocks.push(...tagged(tag, value.slice(start, end), args));
    done = end + tag.length + 3;
    OPENING.lastIndex = done;
  }
  plain(value.length);
  return blocks;
}
