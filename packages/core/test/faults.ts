/** Stores that fail, and processes that die. */
import { ArchiverError, type Bytes, toBytes } from "../src/index.js";
import type { World } from "./support.js";

/** For a port's method: a store that can't be reached. */
export async function unreachable(): Promise<never> {
  throw new ArchiverError("UNAVAILABLE", "The store can't be reached.");
}

/**
 * As if the process died at its n-th writing call: that one fails, and so do all that follow. What it gives back puts the
 * stores right again, and says whether there was such a call.
 */
export function dieAt(w: World, n: number): () => boolean {
  const undo: (() => void)[] = [];
  let calls = 0;
  const { objects, blobs, archives } = w.ports;
  for (const [port, names] of [
    [objects, ["put", "delete"]],
    [blobs, ["create", "append", "delete"]],
    [archives, ["put", "delete"]],
  ] as const) {
    const methods = port as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const name of names) {
      const real = methods[name];
      if (!real) continue;
      methods[name] = async (...args) => (++calls >= n ? unreachable() : real(...args));
      undo.push(() => {
        methods[name] = real;
      });
    }
  }
  return () => {
    for (const one of undo) one();
    return calls >= n;
  };
}

/** The operation, cut short at each of its writing calls in turn; `check` sees what is left. How many calls there were. */
export async function cutShortAnywhere(
  prepare: () => Promise<World>,
  operate: (w: World) => Promise<unknown>,
  check: (w: World) => Promise<void>,
): Promise<number> {
  for (let at = 1; ; at++) {
    const w = await prepare();
    const revive = dieAt(w, at);
    await operate(w).catch(() => {});
    if (!revive()) return at - 1;
    await check(w);
  }
}

/** From now on every read gives `part` of its bytes, or all but some if that is negative, and no error. What it gives back ends that. */
export function endEarly<Given extends unknown[]>(port: { read(...given: Given): Bytes }, part: number): () => void {
  const { read } = port;
  port.read = async function* (...given) {
    const all = await toBytes(read.call(port, ...given));
    yield all.subarray(0, part < 0 ? Math.max(0, all.length + part) : Math.floor(all.length * part));
  };
  return () => {
    port.read = read;
  };
}
