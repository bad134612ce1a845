/**
 * What a line of a transcript says, in one form for all agents. Plain data: made by the parsers, drawn by the blocks.
 */

export type Role = "user" | "assistant" | "system" | "tool" | "event";

/** Markdown. */
export interface TextBlock {
  readonly type: "text";
  readonly text: string;
}

/** The model's reasoning; empty if the agent withheld it. */
export interface ThinkingBlock {
  readonly type: "thinking";
  readonly text: string;
}

/** Text that the agent's program put into the conversation, such as `<system-reminder>`. */
export interface ContextBlock {
  readonly type: "context";
  readonly name: string;
  readonly text: string;
}

/** What a command or tool printed, or its error. */
export interface OutputBlock {
  readonly type: "output";
  readonly stream: "output" | "stderr" | "error";
  readonly text: string;
}

export interface CodeBlock {
  readonly type: "code";
  readonly text: string;
  /** A highlight.js name, if one is known. */
  readonly language: string | null;
}

export interface DiffLine {
  readonly sign: " " | "+" | "-";
  readonly text: string;
}

export interface Hunk {
  /** First line in the old and the new file, from 1; `null` if unknown. */
  readonly oldStart: number | null;
  readonly newStart: number | null;
  readonly lines: readonly DiffLine[];
}

export interface DiffBlock {
  readonly type: "diff";
  readonly path: string;
  readonly change: "add" | "update" | "delete";
  readonly hunks: readonly Hunk[];
}

export type ImageType = "image/png" | "image/jpeg" | "image/gif" | "image/webp";

/** `data` is base64, or `null` if it isn't in the transcript or isn't whole. */
export interface ImageBlock {
  readonly type: "image";
  readonly mediaType: ImageType | null;
  readonly data: string | null;
}

export interface TodosBlock {
  readonly type: "todos";
  readonly items: readonly { readonly text: string; readonly status: "pending" | "active" | "done" }[];
}

/** A value of any other shape. */
export interface JsonBlock {
  readonly type: "json";
  readonly value: unknown;
}

export type Detail = TextBlock | OutputBlock | CodeBlock | DiffBlock | ImageBlock | TodosBlock | JsonBlock;

export interface CallBlock {
  readonly type: "call";
  readonly id: string | null;
  readonly name: string;
  /** One line: what the tool was called on. */
  readonly summary: string;
  readonly body: readonly Detail[];
}

export interface ResultBlock {
  readonly type: "result";
  readonly callId: string | null;
  /** The tool's name, if the line has it. */
  readonly name: string | null;
  readonly failed: boolean;
  /** One line beside the title, such as `exit code 1`. */
  readonly note: string;
  readonly body: readonly Detail[];
}

/** A record of the agent's own bookkeeping: one quiet line. */
export interface EventBlock {
  readonly type: "event";
  readonly label: string;
  readonly detail: string;
  readonly tone: "quiet" | "warning";
}

/** Text that isn't a record. */
export interface RawBlock {
  readonly type: "raw";
  readonly text: string;
}

export type Block = Detail | ThinkingBlock | ContextBlock | CallBlock | ResultBlock | EventBlock | RawBlock;

export interface Entry {
  readonly role: Role;
  /** Replaces the role's name, such as `Subagent`. */
  readonly label: string | null;
  /** Unix ms. */
  readonly time: number | null;
  readonly model: string | null;
  readonly blocks: readonly Block[];
}

/**
 * What was wrong with a line: `blank`; not JSON; a record that breaks off (`torn`), perhaps followed by whole ones; a
 * line that the caller cut because it is long (`cut`); several records on one line (`glued`); records among other text
 * (`mixed`); or nested too deep to be read (`unreadable`).
 */
export type Flaw = "blank" | "not-json" | "torn" | "cut" | "glued" | "mixed" | "unreadable";

export interface ParsedLine {
  /** Usually one; several for a line with several records, or a record with several messages. */
  readonly entries: readonly Entry[];
  readonly flaw: Flaw | null;
}

export const entry = (role: Role, blocks: readonly Block[], more: Partial<Entry> = {}): Entry => ({
  role,
  label: null,
  time: null,
  model: null,
  blocks,
  ...more,
});

export const event = (label: string, detail = "", tone: EventBlock["tone"] = "quiet"): EventBlock => ({
  type: "event",
  label,
  detail,
  tone,
});

export const text = (value: string): TextBlock => ({ type: "text", text: value });

export const output = (value: string, stream: OutputBlock["stream"] = "output"): OutputBlock => ({
  type: "output",
  stream,
  text: value,
});

export const code = (value: string, language: string | null = null): CodeBlock => ({
  type: "code",
  text: value,
  language,
});

export const json = (value: unknown): JsonBlock => ({ type: "json", value });
