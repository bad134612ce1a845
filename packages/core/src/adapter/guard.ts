/** What every call of every port goes through: may it run, may it go on, and what do its failures mean. */
import { throwIfAborted, toArchiverError } from "../errors.js";
import type { Bytes } from "../ports.js";
import type { Awaitable } from "./backends.js";
import { guardBody } from "./body.js";
import type { Call } from "./call.js";

/** What an adapter adds to all of its ports. */
export interface AdapterOptions {
  /** Called with each object that a listing leaves out because what is stored of it is `CORRUPT`. Default: nothing. */
  readonly onSkipped?: ((error: Error) => void) | undefined;
  /** Called first by each call, and between the items of a stream. Throws if the store is closed. */
  readonly begin?: ((call: Call) => void) | undefined;
  /**
   * Gives a failure of the store its error code. Is also given errors that have one; it returns those, or adds to them.
   * Default: an error without a code becomes `UNAVAILABLE`.
   */
  readonly translate?: ((error: unknown, call: Call) => Error | Promise<Error>) | undefined;
}

export interface Guard {
  readonly onSkipped: (error: Error) => void;
  /** Throws if the call may not run, or not go on. Gives it back. */
  begin(call: Call): Call;
  /** Rejects with what the failure of a backend means. */
  fail(error: unknown, call: Call): Promise<never>;
  /** Items of a stream, with a look at the signal before each. `start` checks the arguments. */
  stream<T>(start: () => Started<T>): AsyncGenerator<T>;
  /** Gives `work` the body, checked and cut into rows. What the body throws is thrown as it is. */
  write<T>(call: Call, body: Bytes, rowBytes: number | undefined, work: (body: Bytes) => Awaitable<T>): Promise<T>;
}

interface Started<T> {
  readonly call: Call;
  items(): AsyncIterable<T>;
}

export function guardOf(options: AdapterOptions = {}): Guard {
  const { onSkipped = () => {}, translate = toArchiverError } = options;
  const begin = (call: Call): Call => {
    options.begin?.(call);
    throwIfAborted(call.signal, call);
    return call;
  };
  const fail = async (error: unknown, call: Call): Promise<never> => {
    throw await translate(error, call);
  };
  return {
    onSkipped,
    begin,
    fail,
    async *stream(start) {
      const { call, items } = start();
      begin(call);
      try {
        for await (const item of items()) {
          begin(call);
          yield item;
        }
      } catch (error) {
        await fail(error, call);
      }
    },
    async write(call, body, rowBytes, work) {
      begin(call);
      const guarded = guardBody(body, call, rowBytes);
      try {
        return await work(guarded.bytes);
      } catch (error) {
        const failure = guarded.failure();
        if (failure) throw failure.error;
        return fail(error, call);
      }
    },
  };
}
