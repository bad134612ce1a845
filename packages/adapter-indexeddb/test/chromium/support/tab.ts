/** A tab of the site, as a test sees it. */
import { ArchiverError, type ErrorCode } from "@session-archiver/core";
import type { BrowserContext, CDPSession, Page } from "playwright";
import type { Answer, TabWindow } from "./client/page.js";
import type { Commands } from "./client/worker.js";
import type { Site } from "./site.js";

export interface Tab {
  readonly page: Page;
  /** Runs a command in the tab's worker. Its errors keep their `code`; a tab that dies meanwhile is an error too. */
  call<Name extends keyof Commands>(
    name: Name,
    ...args: Parameters<Commands[Name]>
  ): Promise<Awaited<ReturnType<Commands[Name]>>>;
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
    async call(name, ...args) {
      const answer = await page.evaluate(
        ([command, values]): Promise<Answer> =>
          (window as unknown as { tab: TabWindow }).tab.call(command as string, values as unknown[]),
        [name, args] as readonly unknown[],
      );
      if ("value" in answer) return answer.value as never;
      const { code, message } = answer.error;
      throw code === undefined ? new Error(message) : new ArchiverError(code as ErrorCode, message);
    },
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
