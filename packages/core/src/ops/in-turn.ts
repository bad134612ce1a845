/** Works on many sessions at once, and tells of them as if they came one after the other. */
import type { Context } from "../context.js";
import { hasCode, throwIfAborted } from "../errors.js";
import type { ArchiverEvent } from "../events.js";
import type { OpOptions } from "../ports.js";
import { forEachConcurrent, UNDER_WAY, type Weighed } from "./concurrency.js";

export interface Jobs<Item, Result> {
  /** The session's id: no two pieces of work are on one session. */
  idOf(item: Item): string;
  /**
   * Does the work, the part that reads the session's bytes by `weighed`. What it emits is sent when the item's turn
   * comes.
   */
  work(ctx: Context, item: Item, weighed: Weighed): Promise<Result>;
  /** Throws the error again if it stops all others. By default only an abort does. */
  failed?(ctx: Context, item: Item, error: unknown): void;
  /** An item's turn has come: all before it are done. It may be under way, or have ended. */
  turn?(item: Item): void;
  /** Gets the results, or else the errors, in the order of the items. */
  done(item: Item, result: Result | undefined, error?: unknown): void;
}

/** Nothing is begun any more after an abort, or an error that `failed` has thrown: that comes when all has ended. */
export function inTurn<Item, Result>(
  ctx: Context,
  items: AsyncIterable<Item> | Iterable<Item>,
  jobs: Jobs<Item, Result>,
  { signal }: OpOptions,
): Promise<void> {
  const { failed = throwAborted } = jobs;
  const busy = new Map<string, Promise<void>>();
  let last = Promise.resolve();
  return forEachConcurrent(items, UNDER_WAY, async (item, weighed) => {
    const id = jobs.idOf(item);
    const before = busy.get(id);
    const { promise, resolve } = Promise.withResolvers<void>();
    busy.set(id, promise);
    const held: ArchiverEvent[] = [];
    let emit = (event: ArchiverEvent): void => void held.push(event);
    const turn = last.then(() => {
      jobs.turn?.(item);
      for (const event of held) ctx.emit(event);
      emit = ctx.emit;
    });
    last = promise;
    const one: Context = { ...ctx, emit: (event) => emit(event) };
    let result: Result | undefined;
    let failure: unknown;
    try {
      try {
        await before;
        throwIfAborted(signal);
        result = await jobs.work(one, item, (weight, work) =>
          weighed(weight, () => {
            throwIfAborted(signal);
            return work();
          }),
        );
      } catch (error) {
        failed(one, item, error);
        failure = error;
      }
      await turn;
      jobs.done(item, result, failure);
    } finally {
      await turn;
      if (busy.get(id) === promise) busy.delete(id);
      resolve();
    }
  });
}

function throwAborted(_: Context, __: unknown, error: unknown): void {
  if (hasCode(error, "ABORTED")) throw error;
}
