/** One browser of each engine for all tests of a file. To be called once, outside of tests. */
import { type DrivenBrowser, type Engine, launchBrowser } from "@session-archiver/test-kit/browsers";
import { afterAll } from "vitest";

/** Starts it when it is first needed. */
export function useBrowsers(): (engine: Engine) => Promise<DrivenBrowser> {
  const started = new Map<Engine, Promise<DrivenBrowser>>();
  afterAll(async () => {
    for (const browser of started.values()) await (await browser).close();
  });
  return (engine) => {
    const browser = started.get(engine) ?? launchBrowser(engine);
    started.set(engine, browser);
    return browser;
  };
}
