/** A session's title: the first words of its user. */
import { asObject, type JsonObject } from "./json.js";

const LONGEST_TITLE = 120;

/** Text that tools put before or around the user's words. */
const PREAMBLES: readonly RegExp[] = [
  /^Caveat: The messages below/,
  /^# AGENTS\.md instructions/,
  /^\[Request interrupted/,
  /^This session is being continued from a previous/,
  /^Warmup$/,
];
const TAGGED = /<([a-z][\w:-]*)(?:\s[^<>]*)?>[\s\S]*?<\/\1>/gi;
/** Codex in an IDE, or with files at hand, describes these first. */
const CONTEXT = /^# [\s\S]*?^## My request for Codex:\s*/m;
/** Encloses the user's own words. */
const QUERY = /<\/?user_query>/g;
const HEADING = /^#+\s+/;
const COMMAND = /<command-name>\s*(\/?[^<\s]+)\s*<\/command-name>/;
const COMMAND_ARGUMENTS = /<command-args>([\s\S]*?)<\/command-args>/;

export interface Words {
  readonly title: string;
  /** The user gave only a command; words of a person would make a better title. */
  readonly isCommand: boolean;
}

/** The title that this line gives, if it has words of the user. */
export function userWords(line: JsonObject): Words | undefined {
  const text = userText(line);
  if (text === undefined) return undefined;
  const plain = text.replace(CONTEXT, "").replace(QUERY, " ").replace(TAGGED, " ").trim();
  if (plain !== "" && !PREAMBLES.some((preamble) => preamble.test(plain))) {
    return { title: shorten(plain.replace(HEADING, "")), isCommand: false };
  }
  const command = COMMAND.exec(text)?.[1];
  if (command === undefined) return undefined;
  const args = COMMAND_ARGUMENTS.exec(text)?.[1] ?? "";
  return { title: shorten(`${command} ${args}`), isCommand: true };
}

/** The text of a line in the user's name. */
function userText(line: JsonObject): string | undefined {
  if (line["isMeta"] === true || line["isCompactSummary"] === true) return undefined;
  const payload = asObject(line["payload"]);
  if (payload) {
    if (payload["type"] === "user_message") return textIn(payload["message"]);
    return payload["role"] === "user" ? textIn(payload["content"]) : undefined;
  }
  if (line["type"] === "user.message") return textIn(asObject(line["data"])?.["content"]);
  if (line["type"] === "turn.prompt" && (asObject(line["origin"])?.["kind"] ?? "user") === "user")
    return textIn(line["input"]);
  const message = asObject(line["message"]);
  // Qwen Code sends the model other information in the user's name, Kimi repeats the prompt.
  if (line["subtype"] === "notification" || line["type"] === "context.append_message") return undefined;
  const turn = message?.["type"] === "TurnBegin" ? asObject(message["payload"]) : null;
  if (turn) return textIn(turn["user_input"] ?? turn["text"]);
  if (line["type"] === "user" || message?.["role"] === "user")
    return textIn(message ? (message["content"] ?? message["parts"]) : line["content"]);
  return line["role"] === "user" ? textIn(message?.["content"] ?? line["content"] ?? line["text"]) : undefined;
}

/** Text, or the text parts of a list of parts, without the results of tools. */
function textIn(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  const parts = content.flatMap((part) => {
    const { type, text } = asObject(part) ?? {};
    return typeof text === "string" && (type === undefined || type === "text" || type === "input_text") ? [text] : [];
  });
  return parts.length > 0 ? parts.join("\n") : undefined;
}

/** One line, cut at the end of a word. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= LONGEST_TITLE) return line;
  const cut = line.slice(0, LONGEST_TITLE);
  const space = cut.lastIndexOf(" ");
  return `${(space > LONGEST_TITLE / 2 ? cut.slice(0, space) : cut).toWellFormed()}…`;
}
