/** Compare-and-swap, again and again until it takes. */
import { ArchiverError, type ErrorContext } from "../errors.js";

/** More than honest writers ever need: somebody always wins, so this many losses in a row mean a store that is amiss. */
export const MAX_TRIES = 20;

/**
 * What `attempt` resolves to; `undefined` means that somebody else was faster, and it is run again, from its first read.
 * `CONFLICT` after {@link MAX_TRIES}; `what` then says what keeps changing: `Session "s1"`.
 */
export async function retryOnConflict<T extends NonNullable<unknown>>(
  what: string,
  context: ErrorContext,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw keepsChanging(what, context);
}

/** After the last try. */
export function keepsChanging(what: string, context: ErrorContext): ArchiverError {
  return new ArchiverError("CONFLICT", `${what} keeps changing; nothing is lost, try again when it is quiet.`, context);
}
