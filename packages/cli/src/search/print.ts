/** Prints what a search finds, as it is found: each way of printing in a function of its own. */
import type { Hit, Search, SearchQuery } from "@session-archiver/search";
import type { Output } from "../output/output.js";
import { jsonText, printable } from "../output/text.js";
import { foundLine, queryDocument, searchedDocument } from "./documents.js";

/** Resolves to the number of sessions with hits. */
export type Print = (search: Search, output: Output) => Promise<number>;

/** One id a line, whole, for other commands to read. */
export const printIds: Print = (search, output) => eachSession(search, ({ id }) => output.raw(`${printable(id)}\n`));

export const printCounts: Print = (search, output) =>
  eachSession(search, ({ id, lines }) => output.raw(`${String(lines).padStart(7)}  ${printable(id)}\n`));

/** One document, printed as it grows. */
export function printJson(query: SearchQuery, what: "hits" | "counts"): Print {
  return async (search, output) => {
    const head = { schemaVersion: 1, kind: "search", query: queryDocument(query) };
    await output.raw(`${jsonText(head).slice(0, -1)},"${what}":[`);
    let isFirst = true;
    const add = async (one: unknown): Promise<void> => {
      await output.raw(`${isFirst ? "" : ","}\n${jsonText(one)}`);
      isFirst = false;
    };
    const sessions =
      what === "counts"
        ? await eachSession(search, add)
        : await eachSession(
            search,
            async () => {},
            (hit) => add(foundLine(hit)),
          );
    const more = what === "counts" ? `"hits":[],` : "";
    await output.raw(`\n],${more}"searched":${jsonText(searchedDocument(search.coverage))}}\n`);
    return sessions;
  };
}

interface Counted {
  readonly id: string;
  readonly lines: number;
}

/** Hits of a session come one after the other. `done` is called after its last one. */
async function eachSession(
  search: Search,
  done: (session: Counted) => Promise<void>,
  each: (hit: Hit) => Promise<void> = async () => {},
): Promise<number> {
  let sessions = 0;
  let current: Counted | undefined;
  for await (const hit of search) {
    if (current && current.id !== hit.session.id) await done(current);
    if (current?.id !== hit.session.id) sessions++;
    current = { id: hit.session.id, lines: current?.id === hit.session.id ? current.lines + 1 : 1 };
    await each(hit);
  }
  if (current) await done(current);
  return sessions;
}
