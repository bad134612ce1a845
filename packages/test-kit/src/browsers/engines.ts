/** The browser engines that tests run in, and where they are on this machine. */
import { existsSync, globSync } from "node:fs";

export type Engine = "chromium" | "firefox" | "webkit";

export const ENGINES: readonly Engine[] = ["chromium", "firefox", "webkit"];

const first = (paths: readonly string[]): string | undefined => paths.find((path) => existsSync(path));

/** Debian's extended support release, which is what the tests were made with, before any other. */
export const firefoxPath = (): string | undefined => first(["/usr/bin/firefox-esr", "/usr/bin/firefox"]);

/** WebKitGTK's own small browser. */
export const miniBrowserPath = (): string | undefined => globSync("/usr/lib/*/webkit2gtk-4.*/MiniBrowser")[0];

/** What WebKitGTK needs to be driven: a screen, a bus and a driver. */
const WEBKIT_NEEDS = ["/usr/bin/WebKitWebDriver", "/usr/bin/Xvfb", "/usr/bin/xvfb-run", "/usr/bin/dbus-run-session"];

/** Why tests can't run in an engine here; `undefined` if they can. A Chromium comes with `npm ci`. */
export function whyMissing(engine: Engine): string | undefined {
  if (engine === "firefox" && firefoxPath() === undefined) return "Firefox is not installed (Debian: firefox-esr)";
  if (engine !== "webkit") return undefined;
  const missing = WEBKIT_NEEDS.filter((path) => !existsSync(path));
  if (miniBrowserPath() === undefined) missing.push("MiniBrowser");
  if (missing.length === 0) return undefined;
  return `WebKitGTK lacks ${missing.join(", ")} (Debian: webkit2gtk-driver xvfb dbus)`;
}

const said = new Set<Engine>();

/** Those that are here. Says a word, once, of each that is not. */
export function enginesHere(): readonly Engine[] {
  return ENGINES.filter((engine) => {
    const why = whyMissing(engine);
    if (why !== undefined && !said.has(engine)) console.warn(`No test runs in this engine: ${why}.`);
    said.add(engine);
    return why === undefined;
  });
}
