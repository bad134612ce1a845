/** Vitest's browser mode in every engine: Chromium by its own provider for Playwright, which can drive neither of the others. */
import { defineBrowserProvider } from "@vitest/browser";
import { playwright } from "@vitest/browser-playwright";
import type { BrowserModuleMocker, BrowserProvider, BrowserProviderOption, TestProject } from "vitest/node";
import type { ChromiumLaunch } from "../chromium/launch.js";
import type { DrivenBrowser, DrivenPage } from "./driven.js";
import { ENGINES } from "./engines.js";
import { launchFirefox } from "./firefox.js";
import { launchWebkit } from "./webkit/launch.js";

/** One provider for all, since Vitest wants one in a project: so they share a server, which compiles each file once. */
export function realBrowsers(chromium: ChromiumLaunch): BrowserProviderOption {
  const inChromium = playwright({ launchOptions: chromium });
  return defineBrowserProvider({
    name: inChromium.name,
    supportedBrowser: ENGINES,
    options: inChromium.options,
    prewarm(context) {
      if (context.config.browser.name === "chromium") inChromium.prewarm?.(context);
    },
    providerFactory(project) {
      const { name } = project.config.browser;
      if (name === "firefox") return new DrivenProvider(project, launchFirefox);
      if (name === "webkit") return new DrivenProvider(project, launchWebkit);
      return inChromium.providerFactory(project);
    },
  });
}

/** No test replaces a module. Without this, Vitest lets no other browser work beside this one. */
const NO_MOCKS: BrowserModuleMocker = {
  register: () => Promise.reject(new Error("Modules can't be mocked in this browser.")),
  delete: async () => {},
  clear: async () => {},
};

/** Vitest asks for a size of the window before each file. No test looks at it. The type of command names is for others'. */
const VIEWPORT = "__vitest_viewport" as never;

/** Runs test files in windows of one browser. */
class DrivenProvider implements BrowserProvider {
  readonly name = "driven";
  readonly supportsParallelism = true;
  readonly mocker: BrowserModuleMocker = NO_MOCKS;
  readonly #launch: () => Promise<DrivenBrowser>;
  readonly #pages = new Map<string, DrivenPage>();
  #browser: Promise<DrivenBrowser> | undefined;

  constructor(project: TestProject, launch: () => Promise<DrivenBrowser>) {
    this.#launch = launch;
    project.browser?.registerCommand(VIEWPORT, async () => undefined as never);
  }

  getCommandsContext(): Record<string, unknown> {
    return {};
  }

  async openPage(sessionId: string, url: string): Promise<void> {
    await this.#pages.get(sessionId)?.close();
    this.#browser ??= this.#launch();
    const page = await (await this.#browser).newPage();
    this.#pages.set(sessionId, page);
    await page.goto(url);
  }

  async close(): Promise<void> {
    const browser = this.#browser;
    this.#browser = undefined;
    this.#pages.clear();
    await (await browser)?.close();
  }
}
