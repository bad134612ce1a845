/** The app in a browser of any engine: its controls by the names that a person reads, files in and out. */
import type { DrivenPage } from "@session-archiver/test-kit/browsers";
import { until } from "../../e2e/support/until.ts";

/**
 * What the page gets before anything is done to it. No protocol hands files to all engines and takes their downloads, so the
 * page's own input gets the files, and its link gives its bytes up: both at the click that would open the browser's window.
 */
const HELPERS = `(() => {
  const named = (element) => (element.getAttribute("aria-label") ?? element.textContent).trim();
  const inView = (element) => element.getClientRects().length > 0;
  window.problems = [];
  addEventListener("error", ({ message }) => problems.push(message));
  addEventListener("unhandledrejection", ({ reason }) => problems.push(String(reason)));
  window.find = (selector, name) => [...document.querySelectorAll(selector)]
    .findLast((element) => inView(element) && !element.disabled && !element.ariaDisabled && new RegExp(name).test(named(element)));
  window.nextFiles = [];
  const blobs = new Map(); // the app's policy lets nothing be fetched from their addresses
  const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    const url = createObjectURL.call(URL, blob);
    blobs.set(url, blob);
    return url;
  };
  const { click } = HTMLElement.prototype;
  HTMLElement.prototype.click = function () {
    if (this instanceof HTMLInputElement && this.type === "file") {
      const transfer = new DataTransfer();
      for (const { name, text } of nextFiles) transfer.items.add(new File([text], name));
      this.files = transfer.files;
      return this.dispatchEvent(new Event("change"));
    }
    if (!(this instanceof HTMLAnchorElement && this.download)) return click.call(this);
    window.downloaded = blobs.get(this.href).arrayBuffer().then((bytes) => Array.from(new Uint8Array(bytes)));
  };
})()`;

export interface AppPage {
  /** Waits until the expression is truthy in the page. */
  untilTrue(expression: string): Promise<void>;
  /** Clicks what has this role or selector and name (a pattern), once it is there. */
  click(selector: string, name: string): Promise<void>;
  importFiles(files: readonly { readonly name: string; readonly text: string }[]): Promise<void>;
  /** The bytes that the open session's export gives. */
  exported(): Promise<Buffer>;
  /** Errors and rejections that nobody caught. */
  problems(): Promise<unknown>;
}

export async function openApp(page: DrivenPage, url: string): Promise<AppPage> {
  await page.goto(url);
  await page.evaluate(HELPERS);
  const untilTrue = (expression: string): Promise<void> =>
    until(expression, async () => (await page.evaluate(`Boolean(${expression})`)) === true);
  const found = (selector: string, name: string): string =>
    `find(${JSON.stringify(selector)}, ${JSON.stringify(name)})`;
  const click = async (selector: string, name: string): Promise<void> => {
    await untilTrue(found(selector, name));
    await page.evaluate(`void ${found(selector, name)}.click()`);
  };
  return {
    untilTrue,
    click,
    async importFiles(files) {
      await page.evaluate(`void (window.nextFiles = ${JSON.stringify(files)})`);
      await click("button", "^Add sessions$");
      await click("[role=menuitem]", "^Import files");
      await click("button", "^Dismiss import report$");
    },
    async exported() {
      await page.evaluate("void (window.downloaded = undefined)");
      // Until it has begun: the app ignores the click while the session's last operation is just ending.
      await untilTrue(`window.downloaded || ${found("article.session button", "^Export$")}?.click()`);
      return Buffer.from((await page.evaluate("window.downloaded")) as number[]);
    },
    problems: () => page.evaluate("window.problems"),
  };
}
