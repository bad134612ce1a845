/** Chromium, driven by Playwright. */
import { launchChromium } from "../chromium/launch.js";
import type { DrivenBrowser } from "./driven.js";

/** Starts it without a window. What it keeps is gone once it is closed. */
export async function launchDrivenChromium(): Promise<DrivenBrowser> {
  const browser = await launchChromium();
  const context = await browser.newContext();
  return {
    engine: "chromium",
    version: browser.version(),
    async newPage() {
      const page = await context.newPage();
      page.setDefaultTimeout(0);
      return {
        goto: async (url) => void (await page.goto(url)),
        evaluate: (expression) => page.evaluate(expression),
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}
