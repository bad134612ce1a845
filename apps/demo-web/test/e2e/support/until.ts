import { setTimeout } from "node:timers/promises";

const TIMEOUT_MS = 120_000;
const INTERVAL_MS = 50;

/** Waits until it is so; rejects with what was waited for if it never is. Needs no test runner. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + TIMEOUT_MS;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`Waited in vain until ${what}.`);
    await setTimeout(INTERVAL_MS);
  }
}
