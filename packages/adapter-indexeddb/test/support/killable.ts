/** A Chromium with its data in a folder, all of whose processes can be killed at once. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
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
  // A process group of its own, so that all of it can be killed.
  const child = spawn(executablePath, [...args, ...own], { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(child, "exit");
  const endpoint = await endpointIn(createInterface(child.stderr));
  const browser = await chromium.connectOverCDP(endpoint);
  const context = browser.contexts()[0];
  if (!context) throw new Error("Chromium has no context.");
  return {
    browser,
    context,
    async kill() {
      if (child.pid === undefined) throw new Error("Chromium has no process.");
      if (child.exitCode === null) process.kill(-child.pid, "SIGKILL");
      await exited;
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
