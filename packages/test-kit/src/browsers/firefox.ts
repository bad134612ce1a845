/** Firefox, driven over WebDriver BiDi. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DrivenBrowser, DrivenPage } from "./driven.js";
import { firefoxPath } from "./engines.js";

/** Asked for persistence, Firefox would wait for a person. */
export const FIREFOX_PREFERENCES = {
  "dom.storageManager.prompt.testing": true,
  "dom.storageManager.prompt.testing.allow": true,
} as const;

/** Starts it without a window, with a home and a profile of its own. */
export async function launchFirefox(): Promise<DrivenBrowser> {
  const executablePath = firefoxPath();
  if (executablePath === undefined) throw new Error("Firefox is not installed.");
  const { default: puppeteer } = await import("puppeteer-core"); // only now: it takes a while to load
  const home = await mkdtemp(join(tmpdir(), "session-archiver-firefox-"));
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    extraPrefsFirefox: { ...FIREFOX_PREFERENCES },
    env: { ...process.env, HOME: home },
    protocolTimeout: 0,
  });
  return {
    engine: "firefox",
    version: (await browser.version()).replace(/^.*\//, ""),
    async newPage(): Promise<DrivenPage> {
      // A window of its own: timers of a tab in the background are slowed down.
      const page = await browser.newPage({ type: "window" });
      page.setDefaultTimeout(0);
      return {
        goto: async (url) => void (await page.goto(url)),
        evaluate: (expression) => page.evaluate(expression),
        close: () => page.close(),
      };
    },
    async close() {
      await browser.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
