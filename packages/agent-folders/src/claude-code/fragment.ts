/**
 * Claude Code opens a transcript anew for each write. From where its file was taken away, it goes on in a new file that lacks
 * the beginning.
 */
import { parseJson } from "@session-archiver/transcripts";

/** Records that follow an answer of the model, so that no session begins with them. */
const AFTER_AN_ANSWER: ReadonlySet<unknown> = new Set(["api-request", "cost-state", "tools-used"]);

/** How the program begins a line that answers another. */
const BEGINNING = /^\{"parentUuid":\s*"[^"]/;

/** `head`: a file's first bytes, which may end anywhere. */
export function isClaudeCodeFragment(head: Uint8Array): boolean {
  let follows = false;
  for (const text of new TextDecoder().decode(head).split("\n")) {
    if (text.trim() === "") continue;
    const line = parseJson(text);
    // Cut off by the end of the head, or damaged: little is known of it.
    if (line === undefined) return follows || BEGINNING.test(text);
    if (typeof line !== "object" || line === null) continue;
    const record = line as { readonly [key: string]: unknown };
    if (typeof record["uuid"] === "string") return isText(record["parentUuid"]) || isText(record["logicalParentUuid"]);
    follows ||= AFTER_AN_ANSWER.has(record["type"]);
  }
  return follows;
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
