/** Records what a page must never produce: errors and warnings on its console, uncaught errors, unhandled rejections. */
import type { BrowserContext, Page } from "playwright";

export interface Problems {
  readonly list: readonly string[];
  /** Throws if there was a problem. */
  check(): void;
}

/** Records the problems of all pages of the context and of their workers, from now on. */
export function watchForProblems(context: BrowserContext): Problems {
  const list: string[] = [];
  const watch = (page: Page): void => {
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      list.push(`console.${message.type()}: ${message.text()} (${message.location().url})`);
    });
    // Chromium reports an unhandled rejection as an uncaught error, also in a worker.
    page.on("pageerror", (error) => list.push(`uncaught: ${error.stack ?? error.message}`));
    page.on("crash", () => list.push("the page crashed"));
  };
  for (const page of context.pages()) watch(page);
  context.on("page", watch);
  return {
    list,
    check() {
      if (list.length > 0) throw new Error(`The page had problems:\n${list.join("\n")}`);
    },
  };
}
