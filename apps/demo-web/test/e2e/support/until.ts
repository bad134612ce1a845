import { setTimeout } from "node:timers/promises";

const TIMEOUT_MS = 120_000;
const INTERVAL_MS = 50;

/** Waits until the condition holds; rejects with its description if it never does. Works without a test runner. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + TIMEOUT_MS;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`Waited in vain until ${what}.`);
    await setTimeout(INTERVAL_MS);
  }
}
