/** The hits in one file of a session. */
import type { Bytes } from "@session-archiver/core";
import type { CompiledQuery } from "../query/compile.js";
import { type Candidate, lineScanner } from "../scan/line-scanner.js";
import { contextKeeper, type LineHead } from "./context-keeper.js";
import type { ContextLine, Hit } from "./hit.js";
import type { HitMaker, HitWithoutContext } from "./hit-maker.js";

export interface FileTally {
  bytes: number;
  longLines: number;
}

export interface FileSearch {
  readonly query: CompiledQuery;
  readonly maker: HitMaker;
  readonly snippetLength: number;
  /** Lines before and after each hit. */
  readonly context: number;
  /** Is added to. */
  readonly tally: FileTally;
}

export function searchFile(bytes: Bytes, search: FileSearch): AsyncGenerator<Hit> {
  return search.context > 0 ? withContext(bytes, search) : withoutContext(bytes, search);
}

async function* withoutContext(bytes: Bytes, search: FileSearch): AsyncGenerator<Hit> {
  for await (const candidates of candidatesIn(bytes, search, () => {})) {
    for (const candidate of candidates) {
      const hit = search.maker.hit(candidate);
      if (hit) yield { ...hit, before: [], after: [] };
    }
  }
}

/** A hit waits until the lines after it are there. */
async function* withContext(bytes: Bytes, search: FileSearch): AsyncGenerator<Hit> {
  const { maker, context } = search;
  const keeper = contextKeeper(context);
  const waiting: HitWithoutContext[] = [];
  /** A line may be beside several hits. */
  const said = new WeakMap<LineHead, ContextLine>();
  const lineOf = (head: LineHead): ContextLine => {
    const line = said.get(head) ?? maker.contextLine(head);
    said.set(head, line);
    return line;
  };
  function* ready(): Generator<Hit> {
    for (let hit = waiting[0]; hit && keeper.hasAfter(hit.line); hit = waiting[0]) {
      waiting.shift();
      yield {
        ...hit,
        before: keeper.between(hit.line - context, hit.line).map(lineOf),
        after: keeper.between(hit.line + 1, hit.line + 1 + context).map(lineOf),
      };
    }
  }
  for await (const candidates of candidatesIn(bytes, search, (block) => keeper.add(block))) {
    for (const candidate of candidates) {
      const hit = maker.hit(candidate);
      if (hit) waiting.push(hit);
      yield* ready();
    }
    yield* ready();
    keeper.forgetBefore(waiting[0]?.line ?? keeper.next());
  }
  keeper.end();
  yield* ready();
}

/** The candidates of each block, and of what is left at the end; `onBlock` gets each block before. */
async function* candidatesIn(
  bytes: Bytes,
  { query, snippetLength, tally }: FileSearch,
  onBlock: (block: Uint8Array) => void,
): AsyncGenerator<Iterable<Candidate>> {
  const scanner = lineScanner(query, snippetLength);
  let counted = 0;
  const count = (): void => {
    tally.longLines += scanner.longLines - counted;
    counted = scanner.longLines;
  };
  for await (const block of bytes) {
    tally.bytes += block.length;
    onBlock(block);
    yield scanner.add(block);
    count();
  }
  yield scanner.end();
  count();
}
