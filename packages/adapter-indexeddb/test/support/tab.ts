/** A tab of the site, as a test sees it. */
import { ArchiverError, type ErrorCode } from "@session-archiver/core";
import type { BrowserContext, CDPSession, Page } from "playwright";
import type { Answer, TabWindow } from "./client/page.js";
import type { Commands } from "./client/worker.js";
import type { Site } from "./site.js";

/** Runs a command in the tab's worker. Its errors keep their `code`; a tab that dies meanwhile is an error too. */
export type Call = <Name extends keyof Commands>(
  name: Name,
  ...args: Parameters<Commands[Name]>
) => Promise<Awaited<ReturnType<Commands[Name]>>>;

/** The same over whatever gets a command into the page, and its answer out. */
export function callsOf(ask: (command: string, args: readonly unknown[]) => Promise<Answer>): Call {
  return async (name, ...args) => {
    const answer = await ask(name, args);
    if ("value" in answer) return answer.value as never;
    const { code, message } = answer.error;
    throw code === undefined ? new Error(message) : new ArchiverError(code as ErrorCode, message);
  };
}

export interface Tab {
  readonly page: Page;
  readonly call: Call;
  /** Ends the tab's worker in the middle of whatever it does. */
  terminateWorker(): Promise<void>;
  /** Closes the tab without asking it. */
  close(): Promise<void>;
  /** Kills the process that the tab runs in. */
  crash(): Promise<void>;
  cdp(): Promise<CDPSession>;
}

export async function openTab(context: BrowserContext, site: Site): Promise<Tab> {
  const page = await context.newPage();
  await page.goto(site.url);
  await page.waitForFunction(() => "tab" in window);
  const cdp = (): Promise<CDPSession> => context.newCDPSession(page);
  return {
    page,
    call: callsOf((command, values) =>
      page.evaluate(
        ([name, args]): Promise<Answer> =>
          (window as unknown as { tab: TabWindow }).tab.call(name as string, args as unknown[]),
        [command, values] as readonly unknown[],
      ),
    ),
    terminateWorker: () => page.evaluate(() => (window as unknown as { tab: TabWindow }).tab.terminateWorker()),
    close: () => page.close({ runBeforeUnload: false }),
    async crash() {
      const crashed = new Promise<unknown>((resolve) => page.once("crash", resolve));
      // The command that ended the tab gets no answer.
      (await cdp()).send("Page.crash").catch(() => {});
      await crashed;
      await page.close();
    },
    cdp,
  };
}
