/** Runs a module's `run` in a separate process, with its own memory and warm-up. */
import { fork } from "node:child_process";

export type Measured<R> = R & { readonly peakMiB: number };

/** The messages to the child and back. */
export interface Order {
  readonly module: string;
  readonly params: unknown;
}
export type Answer = { readonly result: Measured<object> } | { readonly error: string };

const CHILD = new URL("child.js", import.meta.url);

/** Runs the task once, in a process that then ends. */
export type Task<P, R> = (params: P) => Promise<Measured<R>>;

/** `module` is a path below `dist`. Resolves with the result of its `run(params)`; both must be JSON. */
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
