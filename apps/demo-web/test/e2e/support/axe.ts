/** Accessibility, as far as axe can tell. */
import axe from "axe-core";
import type { Page } from "playwright";

/** What is seriously wrong with the page as it is now: rule, and where. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(`typeof axe === "undefined" ? void (() => { ${axe.source} })() : undefined`);
  // Colours on their way from one look to another have a contrast that nobody is meant to see.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id} (${help}): ${target.join(" ")}`));
}
