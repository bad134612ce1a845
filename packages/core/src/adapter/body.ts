/** The body of a write: its chunks are checked to be bytes, its signal is watched, and its own error is remembered. */
import { ArchiverError, throwIfAborted } from "../errors.js";
import type { Bytes } from "../ports.js";
import type { Call } from "./call.js";
import { rechunk } from "./rechunk.js";

export interface GuardedBody {
  readonly bytes: Bytes;
  /** What the body threw, or what stopped it. Passed on as it is, whatever the store made of it. */
  failure(): { readonly error: unknown } | undefined;
}

/** With `rowBytes` the bytes come in fresh arrays of exactly this size, the last one shorter. */
export function guardBody(body: Bytes, call: Call, rowBytes: number | undefined): GuardedBody {
  let failure: { readonly error: unknown } | undefined;
  async function* checked(): Bytes {
    try {
      for await (const chunk of body) {
        throwIfAborted(call.signal, call);
        checkBytes(chunk);
        yield chunk;
      }
      throwIfAborted(call.signal, call);
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  return {
    bytes: rowBytes === undefined ? checked() : rechunk(checked(), rowBytes),
    failure: () => failure,
  };
}

/** `INVALID_ARGUMENT` unless it is a `Uint8Array` that still has its bytes: a transferred one would be stored as nothing. */
export function checkBytes(value: unknown): asserts value is Uint8Array {
  const isBytes = isUint8Array(value);
  if (isBytes && !("detached" in value.buffer && value.buffer.detached)) return;
  const what = isBytes ? "one that was transferred elsewhere" : typeof value;
  throw new ArchiverError("INVALID_ARGUMENT", `Bytes must come as a Uint8Array, not as ${what}.`);
}

/** By its tag too: it may come from another window, or from outside of a test runner's sandbox. */
function isUint8Array(value: unknown): value is Uint8Array {
  if (value instanceof Uint8Array) return true;
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]";
}
