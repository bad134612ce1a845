/** The child process of `task.ts`. */
import { ownPeakMiB } from "./peak.js";
import type { Answer, Order } from "./task.js";

process.once("message", async ({ module, params }: Order) => {
  let answer: Answer;
  try {
    const { run } = (await import(module)) as { run: (params: unknown) => Promise<object> };
    const result = await run(params);
    answer = { result: { ...result, peakMiB: ownPeakMiB() } };
  } catch (error) {
    answer = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.send?.(answer, () => process.disconnect?.());
});
