import type { Page } from "playwright";
import { expect } from "vitest";
import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { importFiles } from "./support/import.ts";
import { writeSample, writeSamples } from "./support/sample.ts";
import { toList, visitScreens } from "./support/screens.ts";
import { letAgentWrite, openSession } from "./support/session.ts";
import { untilInView } from "./support/transcript.ts";

const WIDTH = 360;

/** Controls that stick out of the window and can't be scrolled into view. */
async function outOfReach(page: Page): Promise<readonly string[]> {
  return page.evaluate((width) => {
    const top = document.querySelector("dialog[open]") ?? document;
    const controls = top.querySelectorAll<HTMLElement>("button, a, input, select, summary, [tabindex='0']");
    const scrolls = (element: Element | null): boolean => {
      if (!element) return false;
      const { overflowX } = getComputedStyle(element);
      return overflowX === "auto" || overflowX === "scroll" || scrolls(element.parentElement);
    };
    return [...controls]
      .filter((control) => control.checkVisibility({ visibilityProperty: true }))
      .filter((control) => {
        const { left, right } = control.getBoundingClientRect();
        return (left < -1 || right > width + 1) && !scrolls(control.parentElement);
      })
      .map((control) => control.getAttribute("aria-label") ?? control.textContent ?? control.tagName);
  }, WIDTH);
}

test("at 360 pixels nothing is cut off, and nothing scrolls sideways", async ({ page, folder }) => {
  await page.setViewportSize({ width: WIDTH, height: 740 });
  await page.emulateMedia({ reducedMotion: "reduce" }); // so that drawers appear without sliding in
  const flaws: Record<string, unknown> = {};
  await visitScreens(page, folder, async (name) => {
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    const cut = await outOfReach(page);
    if (width > WIDTH || cut.length > 0) flaws[name] = { width, cut };
  });
  expect(flaws).toEqual({});
});

test("at 360 pixels list and session replace each other, and the focus follows", async ({ page, folder }) => {
  await page.setViewportSize({ width: WIDTH, height: 740 });
  const sample = await writeSample(folder, { title: "Mend the parser" });
  await importFiles(page, [sample.path]);
  const list = page.getByRole("listbox", { name: "Sessions" });
  await openSession(page, sample.title);
  await untilInView(page, sample.lastWords);
  expect(await list.isVisible()).toBe(false);
  const heading = page.getByRole("heading", { name: sample.title });
  await eventually(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
  await toList(page);
  expect(await list.isVisible()).toBe(true);
  await page.goBack(); // the browser's own back button does the same
  await heading.waitFor();
});

test("at 360 pixels, where rows are high, a transcript opens at its end and follows new lines", async ({
  page,
  folder,
}) => {
  await page.setViewportSize({ width: WIDTH, height: 740 });
  const samples = await writeSamples(
    folder,
    [11, 12, 13].map((seed) => ({ title: `Of seed ${seed}`, seed, bytes: 400_000 })),
  );
  await importFiles(
    page,
    samples.map(({ path }) => path),
  );
  for (const { title, lastWords } of samples) {
    await openSession(page, title);
    await untilInView(page, lastWords);
    await letAgentWrite(page, 2);
    await page
      .locator(".position-text")
      .getByText(/^(Line )?(\d+) of \2$/)
      .waitFor();
    await toList(page);
  }
});
