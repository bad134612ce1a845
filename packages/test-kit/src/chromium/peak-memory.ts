/** The most memory a tab's process has ever had, from the operating system. */
import { readFile } from "node:fs/promises";
import type { BrowserContext } from "playwright";

/** Bytes; of the largest renderer. `undefined` where there is no `/proc`. */
export async function peakMemory(context: BrowserContext): Promise<number | undefined> {
  const browser = context.browser();
  if (process.platform !== "linux" || !browser) return undefined;
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
  await cdp.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  const peaks = renderers.map(async ({ id }) => {
    const status = await readFile(`/proc/${id}/status`, "utf8");
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
  });
  return Math.max(...(await Promise.all(peaks)));
}
