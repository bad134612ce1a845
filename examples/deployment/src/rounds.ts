/** Work that comes again and again, until the program is asked to end. */
import { setTimeout as pause } from "node:timers/promises";
import { hasCode } from "@session-archiver/core";
import { stopping } from "./stopping.js";
import { type OpenedStore, openStore, variable } from "./store.js";

/** Prints what each round gives, as a line of JSON. A round that fails is reported, and the next one tries again. */
export async function rounds(work: (store: OpenedStore, signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const signal = stopping();
  const everyMs = Number(variable("EVERY_SECONDS")) * 1000;
  const store = await openStore();
  while (!signal.aborted) {
    try {
      console.log(JSON.stringify(await work(store, signal)));
    } catch (error) {
      if (!hasCode(error, "ABORTED")) console.error(error);
    }
    await pause(everyMs, undefined, { signal }).catch(() => {});
  }
  await store.close();
}
