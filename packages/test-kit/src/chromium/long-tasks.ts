/**
 * How long a page blocks its main thread at a time. It measures the processor time of tasks, which depends on the page alone:
 * their time on the clock also depends on the machine's other work.
 */
import type { Page } from "playwright";

/** Longer tasks are noticeable, and the browser calls them long. */
const LONG_MS = 50;

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time, microseconds. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Milliseconds of processor time of each long task on pages' main threads while `work` goes on. */
export async function longTasksDuring(page: Page, work: () => Promise<unknown>): Promise<readonly number[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error("Only a browser that was launched without a profile can be traced.");
  await browser.startTracing(page, { categories: ["toplevel"] });
  try {
    await work();
    await page.evaluate("new Promise((resolve) => requestIdleCallback(resolve))"); // by now the current task has ended
  } catch (error) {
    await browser.stopTracing();
    throw error;
  }
  return longTasksIn((await browser.stopTracing()).toString());
}

function longTasksIn(trace: string): readonly number[] {
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const mainThreads = new Set(
    traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(threadOf),
  );
  const tasks = traceEvents.filter(
    (event) => event.name === "ThreadControllerImpl::RunTask" && mainThreads.has(threadOf(event)),
  );
  if (tasks.length === 0) throw new Error("The browser reported no task at all.");
  return tasks.map(({ tdur = 0 }) => tdur / 1000).filter((milliseconds) => milliseconds > LONG_MS);
}
