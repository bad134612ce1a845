/** Finds a session in the app, opens it and acts on it. */

import type { Locator, Page } from "playwright";
import { until } from "./until.ts";

export type State = "Live" | "Archived" | "Resumed" | "Pruned";

/** All rows of the list that are in the document: those in view and a few more. */
export function allRows(page: Page): Locator {
  return page.getByRole("listbox", { name: "Sessions" }).getByRole("option");
}

/** The session's row, with any other text beside the title. */
export function rowOf(page: Page, title: string): Locator {
  return allRows(page).filter({ has: page.getByTitle(title, { exact: true }) });
}

/** The row, once the list shows the session in this state. */
export function rowIn(page: Page, title: string, state: State): Locator {
  return rowOf(page, title).filter({ has: page.getByText(state, { exact: true }) });
}

/** Finds the session by its title and opens it. */
export async function openSession(page: Page, title: string): Promise<Locator> {
  const search = page.getByRole("searchbox", { name: /^Search sessions by title/ });
  await search.fill(title);
  await rowOf(page, title).click();
  const article = page.getByRole("article", { name: title, exact: true });
  await article.waitFor();
  // On a narrow screen the session replaces the list.
  if (await search.isVisible()) await search.fill("");
  return article;
}

/** The session that is open. */
export function openArticle(page: Page): Locator {
  return page.locator("article.session"); // its lines have the same role
}

/** Waits until the open session is in this state. */
export async function untilState(page: Page, state: State): Promise<void> {
  await header(page).getByText(state, { exact: true }).waitFor();
}

function header(page: Page): Locator {
  return openArticle(page).locator(":scope > header");
}

export type Action = "Archive" | "Restore" | "Pin" | "Unpin" | "Export" | "Start agent" | "Stop agent";

export function action(page: Page, name: Action): Locator {
  const group = openArticle(page).getByRole("group", { name: "Session actions" });
  return group.getByRole("button", { name, exact: true });
}

/** Chooses from the menu behind the usual actions. */
export async function actMore(page: Page, item: string): Promise<void> {
  await openArticle(page).getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

export async function archiveOpen(page: Page): Promise<void> {
  await action(page, "Archive").click();
  await untilState(page, "Archived");
}

export async function restoreOpen(page: Page): Promise<void> {
  await action(page, "Restore").click();
  await untilState(page, "Live");
}

/** Prunes the open session. */
export async function pruneOpen(page: Page): Promise<void> {
  await actMore(page, "Prune…");
  const question = page.getByRole("dialog", { name: "Prune this session?" });
  await question.getByRole("button", { name: "Prune", exact: true }).click();
  await untilState(page, "Pruned");
}

/** Lets the simulated agent write at least this many lines, then stops it. */
export async function letAgentWrite(page: Page, lines: number): Promise<void> {
  const before = await lineCount(page);
  await action(page, "Start agent").click();
  await header(page).getByText("Agent writing").waitFor();
  await until(`the agent has written ${lines} lines`, async () => (await lineCount(page)) >= before + lines);
  await action(page, "Stop agent").click();
  await action(page, "Start agent").waitFor();
}

/** The line count in the open session's header. */
export async function lineCount(page: Page): Promise<number> {
  const text = await header(page)
    .getByText(/^[\d,]+ lines?$/)
    .textContent();
  return Number(text?.replace(/\D/g, ""));
}

/** Those of the samples that are in the list, and live. */
export async function whichAreLive<Titled extends { readonly title: string }>(
  page: Page,
  samples: readonly Titled[],
): Promise<readonly Titled[]> {
  const counts = await Promise.all(samples.map(({ title }) => rowIn(page, title, "Live").count()));
  return samples.filter((_, index) => counts[index] === 1);
}
