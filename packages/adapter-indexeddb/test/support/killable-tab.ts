/** A browser with its data in a folder, all of whose processes can be killed at once, and one tab of the site in it. */
import { type Engine, type StartOptions, startBrowser } from "@session-archiver/test-kit/browsers";
import { launchKillable } from "./killable.js";
import type { Site } from "./site.js";
import { type Call, callsOf, openTab } from "./tab.js";

export interface KillableTab {
  readonly call: Call;
  /** SIGKILL to every process of the browser; resolves once they are gone. */
  kill(): Promise<void>;
}

/** Starts it on what is in the folder. */
export async function openKillable(
  engine: Engine,
  folder: string,
  site: Site,
  options?: StartOptions,
): Promise<KillableTab> {
  if (engine === "chromium") {
    const browser = await launchKillable(folder);
    const { call } = await openTab(browser.context, site);
    return { call, kill: () => browser.kill() };
  }
  // Not driven: the windows of a WebKit that is driven keep nothing.
  const { url, remote } = site.visit();
  const browser = await startBrowser(engine, folder, url, options);
  return { call: callsOf((command, args) => remote.call(command, args)), kill: () => browser.kill() };
}
