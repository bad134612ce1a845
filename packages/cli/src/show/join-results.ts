/** Puts the results of tools to their calls, which came some lines earlier. */
import type { Block, CallBlock, ResultBlock } from "@session-archiver/transcripts";
import { beginsTurn, type LineEntry } from "./entries.js";

export interface JoinedResult {
  /** Number of the result's line, from 1. */
  readonly line: number;
  readonly result: ResultBlock;
}

export interface JoinedEntry extends LineEntry {
  readonly results: ReadonlyMap<CallBlock, JoinedResult>;
}

interface Waiting extends Omit<LineEntry, "weight"> {
  weight: number;
  readonly results: Map<CallBlock, JoinedResult>;
  /** Calls whose result hasn't come. */
  readonly open: Set<CallBlock>;
}

/** How long a call waits for its result: entries, and UTF-16 units of their lines. */
const MOST_ENTRIES = 200;
const MOST_WEIGHT = 8 * 1024 * 1024;

/**
 * Entries in their order. A call without a result waits until a turn begins, or too much has come since; a result that
 * comes later, or whose call is unknown, stays where it is.
 */
export async function* joinResults(entries: AsyncIterable<LineEntry>): AsyncGenerator<JoinedEntry> {
  const queue: Waiting[] = [];
  const calls = new Map<string, readonly [CallBlock, Waiting]>();
  let weight = 0;
  const leave = (): Waiting | undefined => {
    const first = queue.shift();
    weight -= first?.weight ?? 0;
    for (const { id } of first?.open ?? []) if (id !== null) calls.delete(id);
    return first;
  };
  for await (const given of entries) {
    if (beginsTurn(given.entry)) for (let one = leave(); one; one = leave()) yield one;
    const left = attach(given, calls);
    if (left) queue.push(left);
    weight += given.weight;
    while (queue[0] && (queue[0].open.size === 0 || queue.length > MOST_ENTRIES || weight > MOST_WEIGHT)) {
      const one = leave();
      if (one) yield one;
    }
  }
  for (let one = leave(); one; one = leave()) yield one;
}

/** Hands results to the calls that wait for them; what is left of the entry, if anything is. */
function attach(given: LineEntry, calls: Map<string, readonly [CallBlock, Waiting]>): Waiting | undefined {
  const { line } = given;
  const blocks: Block[] = [];
  const own: Waiting = { ...given, entry: { ...given.entry, blocks }, results: new Map(), open: new Set() };
  for (const block of given.entry.blocks) {
    if (block.type === "result") {
      const [call, waiting] = (block.callId !== null && calls.get(block.callId)) || besides(block, blocks, own);
      if (call && waiting) {
        waiting.results.set(call, { line, result: block });
        waiting.open.delete(call);
        // Counted once, for the entry that holds on to it longest.
        waiting.weight += own.weight;
        own.weight = 0;
        if (call.id !== null) calls.delete(call.id);
        continue;
      }
    } else if (block.type === "call" && block.id !== null) {
      own.open.add(block);
      calls.set(block.id, [block, own]);
    }
    blocks.push(block);
  }
  return blocks.length > 0 || given.entry.blocks.length === 0 || given.flaw !== null ? own : undefined;
}

/** A result that names no call belongs to the call right before it. */
function besides({ callId }: ResultBlock, blocks: readonly Block[], own: Waiting): readonly [CallBlock?, Waiting?] {
  const before = blocks.at(-1);
  return callId === null && before?.type === "call" && !own.results.has(before) ? [before, own] : [];
}
