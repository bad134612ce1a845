/** Starts a browser that nobody drives: on a page, with its data in a folder, so that it can be killed and started again. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Engine, firefoxPath, miniBrowserPath } from "./engines.js";
import { type Group, startGroup } from "./group.js";
import { startOnScreen } from "./webkit/screen.js";

/** What Firefox would otherwise do at its first start: open pages of its own, and ask which profile to take after a crash. */
const QUIET = `user_pref("browser.aboutwelcome.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.startup.max_resumed_crashes", -1);
user_pref("browser.sessionstore.resume_from_crash", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("app.update.enabled", false);
`;

export interface StartOptions {
  /** Of Firefox. WebKitGTK has none. */
  readonly preferences?: Readonly<Record<string, number | boolean>>;
}

export async function startBrowser(
  engine: Exclude<Engine, "chromium">,
  folder: string,
  url: string,
  { preferences = {} }: StartOptions = {},
): Promise<Group> {
  if (engine === "webkit") return startOnScreen(folder, [miniBrowserPath() ?? "MiniBrowser", url]);
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${value});\n`);
  await writeFile(join(folder, "user.js"), QUIET + lines.join(""));
  const command = [firefoxPath() ?? "firefox", "--headless", "--no-remote", "--profile", folder, url];
  return startGroup(command, { ...process.env, HOME: folder });
}
