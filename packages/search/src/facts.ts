/** What is noted of a session, for lists and filters. A store's metadata is untrusted: any value may have any type. */
import type { ListedSession } from "@session-archiver/core";

/** Tokens. `input` did not come from a cache. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** `null`: no line of the session says it, or its facts were never extracted. */
export interface SessionFacts {
  /** `claude-code`, `codex`, …; `other` if no known agent writes so. */
  readonly agent: string | null;
  /** The folder in which the agent worked. */
  readonly cwd: string | null;
  /** The last part of that folder's path. */
  readonly project: string | null;
  readonly branch: string | null;
  readonly title: string | null;
  readonly models: readonly string[];
  readonly messages: { readonly user: number; readonly assistant: number } | null;
  readonly tokens: TokenCounts | null;
  /** Id of the session that this one belongs to or continues. */
  readonly parentId: string | null;
  /** Whether an agent called it, that of the session with `parentId`. */
  readonly isSubagent: boolean;
}

type Fields = { readonly [key: string]: unknown };

/** The facts of a session, whatever extracted them, as far as they have the shape of `@session-archiver/transcripts`. */
export function factsOf({ facts }: Pick<ListedSession, "facts">): SessionFacts {
  const values: Fields = facts?.values ?? {};
  const cwd = textAt(values, "cwd");
  const messages = fieldsAt(values, "messages");
  const usage = fieldsAt(values, "usage");
  return {
    agent: textAt(values, "agent"),
    cwd,
    project: cwd && nameOf(cwd),
    branch: textAt(values, "branch"),
    title: textAt(values, "title"),
    models: textsAt(values, "models"),
    messages: messages && { user: countAt(messages, "user"), assistant: countAt(messages, "assistant") },
    tokens: usage && {
      input: countAt(usage, "input"),
      output: countAt(usage, "output"),
      cacheRead: countAt(usage, "cacheRead"),
      cacheWrite: countAt(usage, "cacheWrite"),
    },
    parentId: textAt(values, "parent"),
    isSubagent: values["isSubagent"] === true,
  };
}

/** The last part of a path, on any system: `/home/me/work/` and `C:\me\work` are `work`; a root is itself. */
function nameOf(path: string): string {
  let end = path.length;
  while (end > 0 && isSlash(path, end - 1)) end--;
  let start = end;
  while (start > 0 && !isSlash(path, start - 1)) start--;
  return start < end ? path.slice(start, end) : path;
}

function isSlash(path: string, at: number): boolean {
  return path[at] === "/" || path[at] === "\\";
}

function textAt(values: Fields, key: string): string | null {
  const text = values[key];
  return typeof text === "string" && text !== "" ? text : null;
}

function textsAt(values: Fields, key: string): readonly string[] {
  const texts = values[key];
  return Array.isArray(texts) ? texts.filter((text) => typeof text === "string" && text !== "") : [];
}

function fieldsAt(values: Fields, key: string): Fields | null {
  const fields = values[key];
  return typeof fields === "object" && fields !== null && !Array.isArray(fields) ? (fields as Fields) : null;
}

function countAt(values: Fields, key: string): number {
  const count = values[key];
  return Number.isSafeInteger(count) && (count as number) >= 0 ? (count as number) : 0;
}
