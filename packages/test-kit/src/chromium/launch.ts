/** A real Chromium: the one `CHROMIUM_PATH` names, else an installed one, else the one that comes inside a package. */
import { existsSync } from "node:fs";
import bundled from "@sparticuz/chromium";
import { type Browser, type BrowserContext, chromium } from "playwright";

const INSTALLED = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export interface ChromiumLaunch {
  readonly executablePath: string;
  readonly args: string[];
  readonly headless: true;
}

/** The browser that Playwright, or Vitest's browser mode through it, starts. */
export async function chromiumLaunch(): Promise<ChromiumLaunch> {
  const installed = process.env["CHROMIUM_PATH"] ?? INSTALLED.find((path) => existsSync(path));
  // The bundled one's own arguments are not used: they put all pages into one process, so that none can be killed.
  return {
    executablePath: installed ?? (await bundled.executablePath()),
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    headless: true,
  };
}

/** A browser whose data is deleted when it ends. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch(await chromiumLaunch());
}

/** A browser that keeps its data in a folder, so that it can be killed and started again. */
export async function launchChromiumIn(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, await chromiumLaunch());
}
