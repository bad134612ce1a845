import type { Page } from "playwright";
import { expect } from "vitest";
import { test } from "./support/e2e.ts";
import { importFiles } from "./support/import.ts";
import { writeSample } from "./support/sample.ts";
import { rowIn } from "./support/session.ts";
import { openSweep } from "./support/sweep.ts";

/** From now on, what moves or fades: the event, the element and the property or the animation. */
async function noteMotion(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { motion: seen });
    for (const type of ["transitionrun", "animationstart"] as const) {
      document.addEventListener(type, (event) => {
        const what = event instanceof TransitionEvent ? event.propertyName : event.animationName;
        seen.push(`${type} ${event.target instanceof Element ? event.target.className : ""} ${what}`);
      });
    }
  });
}

/** The events come with the frame that follows. */
async function motionNoted(page: Page): Promise<readonly string[]> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return page.evaluate(() => (window as unknown as { readonly motion: string[] }).motion.splice(0));
}

test("readers who ask for less motion get none: not when a drawer opens, nor when the colour scheme changes", async ({
  page,
  folder,
}) => {
  const sample = await writeSample(folder, { title: "Mend the parser" });
  await importFiles(page, [sample.path]);
  await rowIn(page, sample.title, "Live").waitFor();
  await noteMotion(page);
  // Others do get it: this shows that the events are seen at all.
  await openSweep(page);
  expect(await motionNoted(page)).toContain("animationstart dialog dialog-drawer drawer-in");

  await page.keyboard.press("Escape");

  await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "dark" });
  await motionNoted(page);
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "light" });
  expect(await motionNoted(page)).toEqual([]);
  await openSweep(page);
  expect(await motionNoted(page)).toEqual([]);
});
