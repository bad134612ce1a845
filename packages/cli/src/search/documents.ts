/** The parts of `search --json`. Printed one by one, so that no number of hits fills the memory. */
import type { SearchQuery } from "@session-archiver/search";
import { type Coverage, factsOf, type Hit } from "@session-archiver/search";
import type { FoundLine, SearchedDocument } from "../documents.js";

export function foundLine({ session, file, line, time, role, field, snippet, before, after }: Hit): FoundLine {
  const { agent, project, cwd, title } = factsOf(session);
  const { id, state } = session;
  return { id, state, agent, project, cwd, title, file, line, time, role, field, snippet, before, after };
}

export function queryDocument({ terms }: SearchQuery): readonly string[] {
  return terms.map((term) => (term.kind === "literal" ? term.text : term.source));
}

export function searchedDocument(coverage: Coverage): SearchedDocument {
  const { sessions, bytes, hits, filteredOut, pruned, unreadable, damaged, longLines, isComplete } = coverage;
  return { sessions, bytes, hits, filteredOut, pruned, unreadable, damaged, longLines, isComplete };
}
