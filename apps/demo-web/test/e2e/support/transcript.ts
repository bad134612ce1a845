/** The lines of the open session, as they are shown. */

import type { Locator, Page } from "playwright";
import { until } from "./until.ts";

export function feed(page: Page): Locator {
  return page.getByRole("feed", { name: /^Transcript of/ });
}

/** A line, counted from 1, once it is shown. */
export function line(page: Page, number: number): Locator {
  return feed(page).getByRole("article", { name: new RegExp(`^Line ${number.toLocaleString("en-US")},`) });
}

/** Waits until every line in view is shown. */
export async function untilShown(page: Page): Promise<void> {
  await page.locator('[role="feed"][aria-busy="false"]').waitFor();
  await feed(page).getByRole("article").first().waitFor();
}

/** Waits until the text is in view, and not only somewhere above or below. */
export async function untilInView(page: Page, text: string): Promise<void> {
  const element = feed(page).getByText(text);
  await element.waitFor();
  await until(`"${text}" is in view`, () =>
    element.evaluate((node) => {
      const { top, bottom } = node.getBoundingClientRect();
      const view = node.closest('[role="feed"]')?.getBoundingClientRect();
      return view !== undefined && top >= view.top - 1 && bottom <= view.bottom + 1;
    }),
  );
}

/** Goes to the first line, even while the transcript is still opening, which it does at its end. */
export async function goToStart(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: "Go to the start" });
  await until("the first line is shown", async () => {
    if (await button.isEnabled()) await button.click(); // a short transcript shows its start already
    return line(page, 1).isVisible();
  });
}
