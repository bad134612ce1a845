/** Lets a browser say which modules it can parse. */
import type { DrivenBrowser } from "@session-archiver/test-kit/browsers";
import { servePage } from "./serve.js";

/** Nothing of the modules is run: what they import first can't be loaded, which shows only once they have been parsed. */
const outcomesOf = (modules: readonly string[]): string => `(async () => {
  const outcomes = [];
  for (const code of ${JSON.stringify(modules)}) {
    const url = URL.createObjectURL(new Blob(['import "data:text/css,";' + code], { type: "text/javascript" }));
    outcomes.push(await import(url).then(() => "ran", (error) => error.name));
  }
  return outcomes;
})()`;

/** For each module the name of its error: `SyntaxError` if the browser can't parse it. */
export async function parseIn(browser: DrivenBrowser, modules: readonly string[]): Promise<unknown> {
  await using served = await servePage("<!doctype html><title>modules</title>");
  const page = await browser.newPage();
  await page.goto(served.url);
  const outcomes = await page.evaluate(outcomesOf(modules));
  await page.close();
  return outcomes;
}
