/** Starts a browser of any engine. */
import { launchDrivenChromium } from "./chromium.js";
import type { DrivenBrowser } from "./driven.js";
import type { Engine } from "./engines.js";
import { launchFirefox } from "./firefox.js";
import { launchWebkit } from "./webkit/launch.js";

const LAUNCHES = { chromium: launchDrivenChromium, firefox: launchFirefox, webkit: launchWebkit } as const;

/** Without a window, or on a screen that nobody sees. What it keeps is gone once it is closed. */
export function launchBrowser(engine: Engine): Promise<DrivenBrowser> {
  return LAUNCHES[engine]();
}
