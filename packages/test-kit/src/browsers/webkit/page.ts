/** One window of WebKitGTK. */
import type { DrivenPage } from "../driven.js";
import type { WebDriver } from "./client.js";

/** Runs an expression, and calls back with its value or its error. */
const EVALUATE = `const done = arguments[1];
  Promise.resolve().then(() => (0, eval)(arguments[0]))
    .then((value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) }));`;

type Answer = { readonly value?: unknown } | { readonly error: string };

/** A session's commands go to one window at a time: they wait for each other. */
const last = new WeakMap<WebDriver, Promise<unknown>>();

export function webkitPage(driver: WebDriver, handle: string): DrivenPage {
  const inWindow = <T>(work: () => Promise<T>): Promise<T> => {
    const done = (last.get(driver) ?? Promise.resolve()).then(async () => {
      await driver.command("POST", "window", { handle });
      return work();
    });
    last.set(
      driver,
      done.catch(() => {}),
    );
    return done;
  };
  return {
    goto: (url) => inWindow(() => driver.command("POST", "url", { url })),
    evaluate: (expression) =>
      inWindow(async () => {
        const answer = await driver.command<Answer>("POST", "execute/async", { script: EVALUATE, args: [expression] });
        if ("error" in answer) throw new Error(answer.error);
        return answer.value;
      }),
    close: () => inWindow(() => driver.command("DELETE", "window")),
  };
}
