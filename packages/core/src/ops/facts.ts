/** Keeps facts about sessions by a hook of the host: see `Describe`. */
import { type Context, warn } from "../context.js";
import { hasCode } from "../errors.js";
import { type Facts, factsIn } from "../format/origin.js";
import type { Meta, OpOptions } from "../ports.js";
import { contentOf, liveBytes } from "../read/content.js";
import type { Describe, Describing } from "../session/describe.js";
import { sizesOf } from "../session/file-state.js";
import { KEY } from "../session/metadata.js";
import type { Snapshot } from "../session/snapshot.js";
import { fileNamed } from "../session/snapshot-facts.js";

export interface FactsReader {
  /** Where it wants to go on: what is before it has seen. */
  readonly from: number;
  /** The next bytes of the output. */
  add(chunk: Uint8Array): void;
  /** Facts about all that was added; `undefined` if there are none, or if bytes before were missing. */
  facts(): Facts | undefined;
}

/** The facts that this hook has noted itself, and so many of the output's first bytes they are about. */
export function knownFacts(describe: Describe, meta: Meta): (Facts & { readonly bytes: number }) | undefined {
  const facts = factsIn(meta[KEY.facts]);
  const { bytes } = facts ?? {};
  if (facts?.by !== describe.by || facts.version !== describe.version) return undefined;
  return Number.isSafeInteger(bytes) && (bytes as number) >= 0 ? { ...facts, bytes: bytes as number } : undefined;
}

/** Of a session with this metadata, whose bytes will be added from `at` on. What the hook throws is a warning, no failure. */
export function factsReader(ctx: Context, id: string, meta: Meta, at: number): FactsReader {
  const { describe } = ctx;
  if (!describe) return { from: at, add() {}, facts: () => undefined };
  const known = knownFacts(describe, meta);
  const from = known?.bytes ?? 0;
  let position = at;
  let describing: Describing | undefined;
  let isOver = at > from;
  const guarded = <T>(work: () => T): T | undefined => {
    try {
      return isOver ? undefined : work();
    } catch (error) {
      isOver = true;
      warn(ctx, id, error);
      return undefined;
    }
  };
  const opened = (): Describing => {
    describing ??= describe.open(known);
    return describing;
  };
  return {
    from,
    add(chunk) {
      const fresh = position < from ? chunk.subarray(Math.min(chunk.length, from - position)) : chunk;
      position += chunk.length;
      if (fresh.length > 0) guarded(() => opened().add(fresh));
    },
    facts: () =>
      guarded(() => {
        if (position < from) return undefined;
        if (position === from && known) return known;
        const { by, version } = describe;
        // As it will be stored: whatever JSON can't hold shows here, and no later.
        const facts = JSON.parse(JSON.stringify({ by, version, bytes: position, values: opened().values() }));
        if (factsIn(facts)) return facts as Facts;
        throw new TypeError(`The facts that "${by}" gave of session "${id}" are no object.`);
      }),
  };
}

/**
 * The facts of a session about to be archived, where those that are noted are not about all of its output; `undefined` where
 * there is nothing to add. Only what they lack is read: new output alone if they are about all that is archived.
 */
export async function factsFor(ctx: Context, snapshot: Snapshot, op: OpOptions): Promise<Facts | undefined> {
  const { object } = snapshot;
  const state = fileNamed(snapshot);
  if (!ctx.describe || !state) return undefined;
  const { archived, live } = sizesOf(state);
  const { bytes: from = 0 } = knownFacts(ctx.describe, object.meta) ?? {};
  if (from === archived + live) return undefined;
  const isTail = from >= archived && from <= archived + live;
  const reader = factsReader(ctx, object.id, from > archived + live ? {} : object.meta, isTail ? archived : 0);
  try {
    for await (const chunk of isTail ? liveBytes(ctx, state, op) : contentOf(ctx, snapshot, state, op))
      reader.add(chunk);
  } catch (error) {
    // Facts are no reason to fail: the archive itself will meet what is wrong, or changes meanwhile.
    if (!hasCode(error, "NOT_FOUND", "CONFLICT", "CORRUPT")) throw error;
    warn(ctx, object.id, error);
    return undefined;
  }
  return reader.facts();
}
