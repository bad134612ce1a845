/** A Chromium with its data in a folder, all of whose processes can be killed at once. */
import { createInterface } from "node:readline";
import { startGroup } from "@session-archiver/test-kit/browsers";
import { chromiumLaunch } from "@session-archiver/test-kit/chromium";
import { type Browser, type BrowserContext, chromium } from "playwright";

export interface Killable {
  readonly browser: Browser;
  readonly context: BrowserContext;
  /** SIGKILL to every process of it; resolves once they are gone. */
  kill(): Promise<void>;
}

export async function launchKillable(folder: string): Promise<Killable> {
  const { executablePath, args } = await chromiumLaunch();
  const own = ["--headless", "--remote-debugging-port=0", `--user-data-dir=${folder}`, "--no-first-run", "about:blank"];
  const programs = startGroup([executablePath, ...args, ...own], process.env);
  const endpoint = await endpointIn(createInterface(programs.process.stderr));
  const browser = await chromium.connectOverCDP(endpoint);
  const context = browser.contexts()[0];
  if (!context) throw new Error("Chromium has no context.");
  return {
    browser,
    context,
    async kill() {
      await programs.kill();
      await browser.close().catch(() => {});
    },
  };
}

async function endpointIn(lines: AsyncIterable<string>): Promise<string> {
  const seen: string[] = [];
  for await (const line of lines) {
    const endpoint = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (endpoint) return endpoint;
    seen.push(line);
  }
  throw new Error(`Chromium did not start:\n${seen.join("\n")}`);
}
