/**
 * Detects a catalogue that was set back, or whose store was copied, and so does not know all that its store has done.
 */
import type { Context } from "../../context.js";
import type { OpOptions } from "../../ports.js";

/**
 * Why nothing may be given up now, in words, with the way out; `undefined` if nothing may be missing. `isBegun`: whether the operation
 * has given some up before.
 */
export async function whySetBack(ctx: Context, op: OpOptions, isBegun = false): Promise<string | undefined> {
  const unknown = await ctx.records.unknown(op);
  if (unknown.length === 0) return undefined;
  const many = unknown.length === 1 ? "a run record" : `${unknown.length} run records`;
  return `The sink holds ${many} that this catalogue does not know: it was set back, or its store was copied and the copy went on. Nothing ${isBegun ? "more " : ""}was given up. Put the newest catalogue back; or let this one catch up ("catchUp"), which takes all its tombstones back.`;
}

/** The refusal for archive objects that hold bytes of a session which its catalogue does not know. */
export function whyUnknown(id: string, count: number): string {
  const what = count === 1 ? "an archive object" : `${count} archive objects`;
  return `The sink holds ${what} of session "${id}" with bytes that this catalogue does not know: it may have been set back. Nothing was given up. Put the newest catalogue back; or look at what gc reports as unknown, and delete that by asking for it (unknown: "delete").`;
}
