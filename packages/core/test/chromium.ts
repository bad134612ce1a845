/** A real Chromium: an installed one first, else the one that comes inside a package. */
import { existsSync } from "node:fs";
import bundled from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

const INSTALLED = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function launchChromium(): Promise<Browser> {
  const installed = process.env["CHROMIUM_PATH"] ?? INSTALLED.find((path) => existsSync(path));
  if (installed) return chromium.launch({ executablePath: installed, args: ["--no-sandbox"] });
  return chromium.launch({ executablePath: await bundled.executablePath(), args: [...bundled.args, "--no-sandbox"] });
}
