/** WebKitGTK's MiniBrowser, driven by WebKitWebDriver. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../../servers/programs.js";
import type { DrivenBrowser } from "../driven.js";
import { miniBrowserPath } from "../engines.js";
import type { Group } from "../group.js";
import { isReady, newSession, type WebDriver } from "./client.js";
import { inWindow, webkitPage } from "./page.js";
import { startOnScreen } from "./screen.js";

/** A day: how long something may take is the test's business. */
const NO_LIMIT_MS = 86_400_000;
const POLL_MS = 20;

/** A browser that keeps nothing: WebKitGTK's windows under automation are private ones. */
export async function launchWebkit(): Promise<DrivenBrowser> {
  const home = await mkdtemp(join(tmpdir(), "session-archiver-webkit-"));
  const port = await freePort(); // a new one: a driver that has just ended still holds its own
  const programs = await startOnScreen(home, ["WebKitWebDriver", "--host=127.0.0.1", `--port=${port}`]);
  const end = async (): Promise<void> => {
    await programs.kill();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const driver = await connect(programs, `http://127.0.0.1:${port}`);
    const first = await driver.command<string>("GET", "window");
    return {
      engine: "webkit",
      version: driver.browserVersion,
      // Beside the first one, which stays: a session ends with its last window.
      newPage: async () => webkitPage(driver, await newWindow(driver, first)),
      close: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function connect(programs: Group, at: string): Promise<WebDriver> {
  while (!(await isReady(at))) {
    const { exitCode } = programs.process;
    if (exitCode !== null) throw new Error(`WebKitWebDriver ended with ${exitCode}:\n${programs.said()}`);
    await setTimeout(POLL_MS);
  }
  return newSession(at, {
    "webkitgtk:browserOptions": { binary: miniBrowserPath(), args: ["--automation"] },
    timeouts: { script: NO_LIMIT_MS, pageLoad: NO_LIMIT_MS },
  });
}

function newWindow(driver: WebDriver, beside: string): Promise<string> {
  return inWindow(driver, beside, async () => {
    const { handle } = await driver.command<{ readonly handle: string }>("POST", "window/new", { type: "window" });
    return handle;
  });
}
