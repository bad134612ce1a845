/** One import, over all its tries. */
import type { Context } from "../../context.js";
import { throwIfAborted } from "../../errors.js";
import { tell } from "../../events.js";
import type { Meta, OpOptions } from "../../ports.js";
import { KEY, withKeys } from "../../session/metadata.js";
import { type FactsReader, factsReader } from "../facts.js";
import type { Feed } from "./feed.js";
import type { ImportOptions, ImportOutcome } from "./import-types.js";
import { type Scan, scanOutput } from "./scan.js";

export interface Job {
  readonly ctx: Context;
  readonly id: string;
  readonly feed: Feed;
  readonly meta: Meta;
  readonly rewritten: ImportOptions["rewritten"];
  readonly op: OpOptions;
  /** What was done to the session, also by tries that have lost a race later. */
  done: ImportOutcome | undefined;
  addedBytes: number;
  /** Archives of the session have been found that are not as they were committed. */
  isSuspect: boolean;
  /** Tells how far it is. */
  tell(bytes: number): void;
}

/** What one try has seen of the source's bytes. */
export interface Seen {
  /** As many of its first bytes were passed over. */
  readonly from: number;
  readonly scan: Scan;
  readonly facts: FactsReader;
  /** The next bytes of the source. */
  add(chunk: Uint8Array): void;
}

export function newJob(ctx: Context, id: string, feed: Feed, options: ImportOptions): Job {
  const { rewritten, onProgress, signal } = options;
  const { meta: given = {}, aliases } = options;
  const meta = aliases ? withKeys(given, { [KEY.aliases]: aliases }) : given;
  return {
    ...{ ctx, id, feed, meta, rewritten, op: { signal } },
    ...{ done: undefined, addedBytes: 0, isSuspect: false },
    tell: (bytes) => tell(onProgress, { bytes, totalBytes: feed.size }),
  };
}

/** Of an import that reads the source from its start; `known`: metadata that may hold facts about the same bytes. */
export function seenBy({ ctx, id, feed, op, tell }: Job, known: Meta, scan?: Scan): Seen {
  const counted = scan ?? scanOutput(Math.max(ctx.now(), feed.lastModifiedMs ?? 0));
  const facts = factsReader(ctx, id, known, counted.bytes);
  return {
    from: counted.bytes,
    scan: counted,
    facts,
    add(chunk) {
      throwIfAborted(op.signal, { id });
      counted.add(chunk);
      facts.add(chunk);
      tell(counted.bytes);
    },
  };
}
