/** The page: passes calls on to its worker, and watches its own main thread. */

/** What a test finds on `window`. */
export interface TabWindow {
  /** The worker's answer, or its error as data: a page can't throw one that keeps its code. */
  call(command: string, args: readonly unknown[]): Promise<Answer>;
  terminateWorker(): void;
  /** Tasks of the main thread so far that took longer than 50 ms, in ms. */
  readonly longTasks: number[];
  /** Keeps the main thread busy. */
  block(ms: number): Promise<void>;
}

export type Answer =
  | { readonly value: unknown }
  | { readonly error: { readonly message: string; readonly code: string | undefined } };

const worker = new Worker("/worker.js", { type: "module" });
const waiting = new Map<number, (answer: Answer) => void>();
let calls = 0;
worker.addEventListener("message", ({ data }: MessageEvent<{ call: number; answer: Answer }>) => {
  waiting.get(data.call)?.(data.answer);
  waiting.delete(data.call);
});
worker.addEventListener("error", ({ message }) => {
  for (const answer of waiting.values())
    answer({ error: { message: `The worker failed: ${message}`, code: undefined } });
});

const longTasks: number[] = [];
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longTasks.push(duration);
}).observe({ type: "longtask", buffered: true });

const tab: TabWindow = {
  call: (command, args) =>
    new Promise((resolve) => {
      const call = calls++;
      waiting.set(call, resolve);
      worker.postMessage({ call, command, args });
    }),
  terminateWorker: () => worker.terminate(),
  longTasks,
  block: (ms) =>
    new Promise((resolve) => {
      // In a task of its own: what DevTools evaluates is none.
      setTimeout(() => {
        for (const until = performance.now() + ms; performance.now() < until; );
        resolve();
      });
    }),
};
Object.assign(window, { tab });
