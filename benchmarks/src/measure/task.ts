/** Runs a module's `run` in a process of its own, so that memory and warm-up are its own too. */
import { fork } from "node:child_process";

export type Measured<R> = R & { readonly peakMiB: number };

/** What goes to the child, and what comes back. */
export interface Order {
  readonly module: string;
  readonly params: unknown;
}
export type Answer = { readonly result: Measured<object> } | { readonly error: string };

const CHILD = new URL("child.js", import.meta.url);

/** Runs it once, in a process that ends with it. */
export type Task<P, R> = (params: P) => Promise<Measured<R>>;

/** `module`: path below `dist`. Its `run(params)` gives what this resolves with; both must be JSON. */
export function task<P, R extends object>(module: string): Task<P, R> {
  const url = new URL(`../${module}`, import.meta.url).href;
  return (params) => runTask({ module: url, params });
}

function runTask<R extends object>(order: Order): Promise<Measured<R>> {
  return new Promise((resolve, reject) => {
    let answer: Answer | undefined;
    const child = fork(CHILD, { execArgv: ["--no-warnings"] });
    child.on("message", (message) => {
      answer = message as Answer;
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (answer && "result" in answer) resolve(answer.result as Measured<R>);
      else reject(new Error(`${order.module} failed: ${answer?.error ?? signal ?? `exit code ${code}`}`));
    });
    child.send(order);
  });
}
