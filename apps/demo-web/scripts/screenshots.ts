/** Pictures of the built app's main states, in three widths, light and dark: `screenshots.ts [folder [width…]]`. */
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { launchChromium } from "@session-archiver/test-kit/chromium";
import type { Browser } from "playwright";
import { serveBuiltSite } from "../test/e2e/support/built-site.ts";
import { watchForProblems } from "../test/e2e/support/problems.ts";
import { writeFiles } from "./screenshots/samples.ts";
import type { Samples } from "./screenshots/scene.ts";
import { SCENES } from "./screenshots/scenes.ts";

const SIZES = {
  wide: { width: 1440, height: 900 },
  middle: { width: 1024, height: 768 },
  narrow: { width: 360, height: 740 },
} as const;
const LOOKS = ["light", "dark"] as const;

type Size = keyof typeof SIZES;
type Look = (typeof LOOKS)[number];

const [, , given, ...widths] = process.argv;
const folder = resolve(given ?? fileURLToPath(new URL("../screenshots", import.meta.url)));

async function shootAll(browser: Browser, url: string, samples: Samples, size: Size, look: Look): Promise<void> {
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme: look, reducedMotion: "reduce" });
  const problems = watchForProblems(context);
  const page = await context.newPage();
  const into = join(folder, `${size}-${look}`);
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true });
  await page.goto(url);
  let count = 0;
  const shoot = async (name: string): Promise<void> => {
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(into, `${String(++count).padStart(2, "0")}-${name}.png`) });
  };
  try {
    for (const scene of SCENES) await scene({ page, samples, shoot });
    problems.check();
  } catch (error) {
    await shoot("failed");
    throw error;
  } finally {
    await context.close();
  }
  console.log(`${count} pictures in ${into}`);
}

const site = await serveBuiltSite();
const browser = await launchChromium();
const samples = await writeFiles();
try {
  for (const size of ["wide", "middle", "narrow"] as const) {
    if (widths.length > 0 && !widths.includes(size)) continue;
    for (const look of LOOKS) await shootAll(browser, site.url, samples, size, look);
  }
} finally {
  await browser.close();
  await site.close();
  await rm(samples.folder, { recursive: true, force: true });
}
