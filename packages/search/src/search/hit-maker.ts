/** Makes a hit of a line that may be one. */
import type { SessionInfo } from "@session-archiver/core";
import {
  type Entry,
  isAgentId,
  type ParsedLine,
  parseLine,
  type Role,
  type TranscriptKind,
} from "@session-archiver/transcripts";
import { factsOf } from "../facts.js";
import type { CompiledQuery } from "../query/compile.js";
import type { Candidate } from "../scan/line-scanner.js";
import { blockTexts } from "../text/block-texts.js";
import { findIn } from "../text/find-in.js";
import { findInLine } from "../text/find-in-line.js";
import { saying } from "../text/saying.js";
import { bestPlace } from "./best-place.js";
import type { LineHead } from "./context-keeper.js";
import type { ContextLine, Hit } from "./hit.js";
import type { Settings } from "./settings.js";
import { snippetOf } from "./snippet.js";

export type HitWithoutContext = Omit<Hit, "before" | "after">;

export interface HitMaker {
  /** `undefined` if the line does not hold all terms. */
  hit(candidate: Candidate): HitWithoutContext | undefined;
  contextLine(head: LineHead): ContextLine;
}

/** `infoOf` is called when the first hit is made. */
export function hitMaker(infoOf: () => SessionInfo, file: string, query: CompiledQuery, settings: Settings): HitMaker {
  const { in: scope, snippetLength } = settings;
  const decoder = new TextDecoder();
  const decoded = (bytes: Uint8Array): string => {
    const text = decoder.decode(bytes);
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  };
  return {
    hit(candidate) {
      const { line } = candidate;
      if (candidate.kind === "long") {
        const { snippet, head } = candidate;
        const session = infoOf();
        return { session, file, line, ...saidBy(parseLine(head, kindOf(session), true)), field: null, snippet };
      }
      const text = decoded(candidate.bytes);
      const found = findInLine(text, query);
      if (!found) return undefined;
      const session = infoOf();
      const parsed = parseLine(text, kindOf(session));
      // Blocks leave out parts, such as colours, and word others anew: only the line's own texts decide what is a hit.
      const shown = scope === "all" ? found : findIn(blockTexts(parsed.entries, scope), query);
      if (!shown) return undefined;
      const { text: whole } = shown.in;
      const place = bestPlace(whole, shown.at, query, Math.floor((snippetLength * 2) / 3));
      const snippet = snippetOf(whole, place, query, snippetLength);
      return { session, file, line, ...saidBy(parsed), field: shown.in.field(), snippet };
    },
    contextLine({ line, bytes, isCut }) {
      const parsed = parseLine(decoded(bytes), kindOf(infoOf()), isCut);
      const whole = saying(parsed.entries);
      const { text, isCutAfter } = snippetOf(whole, { start: 0, end: 0 }, [], snippetLength);
      return { line, ...saidBy(parsed), text, isCut: isCut || isCutAfter };
    },
  };
}

function kindOf(session: SessionInfo): TranscriptKind {
  const { agent } = factsOf(session);
  return agent !== null && isAgentId(agent) ? agent : "other";
}

function saidBy({ entries }: ParsedLine): { readonly time: number | null; readonly role: Role } {
  const [entry] = entries as readonly (Entry | undefined)[];
  return { time: entry?.time ?? null, role: entry?.role ?? "event" };
}
