/** One window of WebKitGTK. */
import type { DrivenPage } from "../driven.js";
import type { WebDriver } from "./client.js";

/**
 * Runs an expression, and calls back with its value or its error. It is in the script itself, since pages may forbid `eval`; its
 * value is text, since the driver would mix up the order of keys.
 */
const scriptOf = (expression: string): string => `const done = arguments[0];
  Promise.resolve().then(() => (${expression}\n))
    .then((value) => done({ json: JSON.stringify(value ?? null) }), (error) => done({ error: error + String(error?.stack) }));`;

type Answer = { readonly json: string } | { readonly error: string };

const last = new WeakMap<WebDriver, Promise<unknown>>();

/** A session's commands go to one window at a time: they wait for each other. */
export function inWindow<T>(driver: WebDriver, handle: string, work: () => Promise<T>): Promise<T> {
  const done = (last.get(driver) ?? Promise.resolve()).then(async () => {
    await driver.command("POST", "window", { handle });
    return work();
  });
  last.set(
    driver,
    done.catch(() => {}),
  );
  return done;
}

export function webkitPage(driver: WebDriver, handle: string): DrivenPage {
  const here = <T>(work: () => Promise<T>): Promise<T> => inWindow(driver, handle, work);
  return {
    goto: (url) => here(() => driver.command("POST", "url", { url })),
    evaluate: (expression) =>
      here(async () => {
        const answer = await driver.command<Answer>("POST", "execute/async", {
          script: scriptOf(expression),
          args: [],
        });
        if ("error" in answer) throw new Error(answer.error);
        return JSON.parse(answer.json);
      }),
    close: () => here(() => driver.command("DELETE", "window")),
  };
}
