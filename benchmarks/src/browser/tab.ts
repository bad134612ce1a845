/** A tab of the benchmark's page, in a browser with a profile on the disk. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { launchChromiumIn } from "@session-archiver/test-kit/machine";
import type { BrowserContext, Page, Worker } from "playwright";
import type { Commands } from "./client/worker.js";
import { openSite } from "./site.js";

type Call = <Name extends keyof Commands>(
  name: Name,
  ...args: Parameters<Commands[Name]>
) => Promise<Awaited<ReturnType<Commands[Name]>>>;

export interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** For instance "Chromium 153.0.8010.0". */
  readonly version: string;
  /** Runs a command in the tab's worker. */
  readonly call: Call;
  /** Tasks of the main thread over 50 ms so far, in ms. */
  longTasks(): Promise<readonly number[]>;
}

/** Runs `work` in a fresh browser with its profile in `scratch`, and `data` for its worker; cleans up behind it. */
export async function inBrowser<T>(scratch: string, data: Uint8Array, work: (tab: Tab) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(scratch, "profile-"));
  const site = await openSite(data);
  try {
    const context = await launchChromiumIn(folder);
    try {
      return await work(await openTab(context, site.url));
    } finally {
      await context.close();
    }
  } finally {
    await site.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function openTab(context: BrowserContext, url: string): Promise<Tab> {
  const page = await context.newPage();
  const started = page.waitForEvent("worker");
  await page.goto(url);
  const worker: Worker = await started;
  const call: Call = (name, ...args) =>
    worker.evaluate(
      async ([command, values]) => {
        const { commands } = globalThis as unknown as { commands: Record<string, (...args: unknown[]) => unknown> };
        const run = commands[command as string];
        if (!run) throw new Error(`The worker has no command "${String(command)}".`);
        return run(...(values as unknown[]));
      },
      [name, args] as const,
    ) as never;
  const version = await page.evaluate(() => navigator.userAgent.replace(/.*Chrome\/(\S+).*/, "Chromium $1"));
  return { page, context, version, call, longTasks: () => page.evaluate("window.longTasks") };
}
