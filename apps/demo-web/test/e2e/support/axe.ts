/** Checks accessibility with axe. */
import axe from "axe-core";
import type { Page } from "playwright";

/** The serious flaws of the page's current state: the rule and the element. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(`typeof axe === "undefined" ? void (() => { ${axe.source} })() : undefined`);
  // During a transition between colours the contrast may be too low for a moment.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id} (${help}): ${target.join(" ")}`));
}
