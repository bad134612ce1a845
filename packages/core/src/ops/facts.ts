/** Extracts facts about sessions with the host's hook: see `Describe`. */
import { type Context, warn } from "../context.js";
import { hasCode } from "../errors.js";
import { type Facts, factsIn } from "../format/origin.js";
import type { Meta, OpOptions } from "../ports.js";
import { contentOf, liveBytes } from "../read/content.js";
import type { Describe, Describing } from "../session/describe.js";
import { sizesOf } from "../session/file-state.js";
import { KEY } from "../session/metadata.js";
import type { Snapshot } from "../session/snapshot.js";
import { fileNamed, fileSize } from "../session/snapshot-facts.js";

export interface FactsReader {
  /** Offset of the first byte to add; the hook has seen all bytes before it. */
  readonly from: number;
  /** The next bytes of the output. */
  add(chunk: Uint8Array): void;
  /** Facts about all bytes that were added; `undefined` if there are none, or if earlier bytes were missing. */
  facts(): Facts | undefined;
}

/** The facts that this very hook has noted, with the number of first bytes they describe. */
export function knownFacts(describe: Describe, meta: Meta): (Facts & { readonly bytes: number }) | undefined {
  const facts = factsIn(meta[KEY.facts]);
  const { bytes } = facts ?? {};
  if (facts?.by !== describe.by || facts.version !== describe.version) return undefined;
  return Number.isSafeInteger(bytes) && (bytes as number) >= 0 ? { ...facts, bytes: bytes as number } : undefined;
}

/**
 * Reads facts about a session with this metadata, whose bytes will be added from `at` on. An error that the hook throws
 * becomes a warning.
 */
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
        // In its stored form, so that a value that JSON can't hold shows here and no later.
        const facts = JSON.parse(JSON.stringify({ by, version, bytes: position, values: opened().values() }));
        if (factsIn(facts)) return facts as Facts;
        throw new TypeError(`The facts that "${by}" gave of session "${id}" are not an object.`);
      }),
  };
}

/**
 * The facts of a session about to be archived, if the noted ones do not describe all of its output; otherwise
 * `undefined`. Reads only what they lack: just the new output if they describe everything archived.
 */
export async function factsFor(ctx: Context, snapshot: Snapshot, op: OpOptions): Promise<Facts | undefined> {
  const { object } = snapshot;
  if (!ctx.describe || knownFacts(ctx.describe, object.meta)?.bytes === fileSize(fileNamed(snapshot))) return undefined;
  try {
    return await extractFacts(ctx, snapshot, object.meta, op);
  } catch (error) {
    // Facts are no reason to fail: if something is wrong or changing, the archive itself will find out.
    if (!hasCode(error, "NOT_FOUND", "CONFLICT", "CORRUPT")) throw error;
    warn(ctx, object.id, error);
    return undefined;
  }
}

/** Facts about all of the output. Goes on from those in `meta`, and reads what they lack. */
export async function extractFacts(
  ctx: Context,
  snapshot: Snapshot,
  meta: Meta,
  op: OpOptions,
): Promise<Facts | undefined> {
  const { id } = snapshot.object;
  const state = fileNamed(snapshot);
  if (!ctx.describe || !state) return undefined;
  const { archived, live } = sizesOf(state);
  const { bytes: from = 0 } = knownFacts(ctx.describe, meta) ?? {};
  const onlyLive = from >= archived && from <= archived + live;
  const reader = factsReader(ctx, id, from > archived + live ? {} : meta, onlyLive ? archived : 0);
  for await (const chunk of onlyLive ? liveBytes(ctx, state, op) : contentOf(ctx, snapshot, state, op))
    reader.add(chunk);
  return reader.facts();
}
