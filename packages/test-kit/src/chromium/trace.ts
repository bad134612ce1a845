/** What the threads of pages and of their workers did, as the browser traces it. */
import type { Page } from "playwright";

export interface Task {
  /** On a page's main thread, not in a worker. */
  readonly isMain: boolean;
  /** Milliseconds of processor time. */
  readonly cpuMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time, microseconds. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

const MAIN = "CrRendererMain";
const WORKER = "DedicatedWorker";
/** Marked at the very end: a trace that has run full lacks it. */
const END = "the end of the trace";

/** The tasks that ran while `work` went on. */
export async function tracedDuring(page: Page, work: () => Promise<unknown>): Promise<readonly Task[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error("Only a browser that was launched without a profile can be traced.");
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"] });
  try {
    await work();
    await page.evaluate("new Promise((resolve) => requestIdleCallback(resolve))"); // by now the current task has ended
    await page.evaluate((end) => void performance.mark(end), END);
  } catch (error) {
    await browser.stopTracing();
    throw error;
  }
  return tasksIn((await browser.stopTracing()).toString());
}

function tasksIn(trace: string): readonly Task[] {
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] };
  if (!traceEvents.some(({ name }) => name === END)) throw new Error("The trace has run full: it lacks its end.");
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const names = new Map(
    traceEvents.filter(({ name }) => name === "thread_name").map((event) => [threadOf(event), event.args.name]),
  );
  return traceEvents
    .filter(({ name }) => name === "ThreadControllerImpl::RunTask")
    .flatMap((event) => {
      const thread = names.get(threadOf(event)) ?? "";
      const isMain = thread === MAIN;
      return isMain || thread.startsWith(WORKER) ? [{ isMain, cpuMs: (event.tdur ?? 0) / 1000 }] : [];
    });
}
