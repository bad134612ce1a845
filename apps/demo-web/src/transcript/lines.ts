/** Lines ready to draw: parsed when first needed, and related to the lines before. */
import { type Entry, type ParsedLine, parseLine, type TranscriptKind } from "@session-archiver/transcripts";
import type { TranscriptLine } from "../worker/api.ts";

/** The call that a result refers to. */
export interface CalledTool {
  readonly name: string;
  readonly summary: string;
  /** The call is right above the result: only events come between. */
  readonly isNear: boolean;
}

export interface Lines {
  parsed(line: TranscriptLine): ParsedLine;
  /** The line continues the one before: the same speaker, or the tools that speaker uses. */
  continues(line: TranscriptLine): boolean;
  /** The call with this id, if it is among the lines shortly before `index`, or is still remembered. */
  call(id: string, index: number): CalledTool | undefined;
}

/** How many lines back to look for a result's call; parallel calls are rarely more. */
const LOOK_BACK = 24;
/** The number of calls to remember. */
const MAX_CALLS = 4000;

type Speaker = "user" | "assistant" | "system" | "event";
const speaker = (entry: Entry | undefined): Speaker =>
  entry === undefined ? "event" : entry.role === "tool" ? "assistant" : entry.role;

export function createLines(kind: TranscriptKind, get: (index: number) => TranscriptLine | undefined): Lines {
  const cache = new WeakMap<TranscriptLine, ParsedLine>();
  const calls = new Map<string, { readonly name: string; readonly summary: string; readonly index: number }>();

  function parsed(line: TranscriptLine): ParsedLine {
    const known = cache.get(line);
    if (known) return known;
    const made = parseLine(line.text, kind, line.truncated);
    cache.set(line, made);
    for (const { blocks } of made.entries) {
      for (const block of blocks) {
        if (block.type !== "call" || block.id === null) continue;
        calls.set(block.id, { name: block.name, summary: block.summary, index: line.index });
      }
    }
    for (const oldest of calls.keys()) {
      if (calls.size <= MAX_CALLS) break;
      calls.delete(oldest);
    }
    return made;
  }

  /** The last line before this one that isn't an event: events in between don't end a speaker's turn. */
  function spokenBefore(index: number): { readonly index: number; readonly who: Speaker } | null {
    for (let i = index - 1; i >= 0 && i >= index - LOOK_BACK; i--) {
      const line = get(i);
      if (line === undefined) return null;
      const who = speaker(parsed(line).entries.at(-1));
      if (who !== "event") return { index: i, who };
    }
    return null;
  }

  return {
    parsed,
    continues(line) {
      const who = speaker(parsed(line).entries[0]);
      return who === "assistant" && spokenBefore(line.index)?.who === who;
    },
    call(id, index) {
      for (let i = index - 1; i >= 0 && i >= index - LOOK_BACK && !calls.has(id); i--) {
        const line = get(i);
        if (line === undefined) break;
        parsed(line);
      }
      const found = calls.get(id);
      if (!found) return undefined;
      const { name, summary } = found;
      return { name, summary, isNear: found.index === index || spokenBefore(index)?.index === found.index };
    },
  };
}
