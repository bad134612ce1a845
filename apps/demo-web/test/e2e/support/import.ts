/** Imports files into the app, as a person does. */
import { resolve } from "node:path";
import type { Locator, Page } from "playwright";

/** Picks files, or a folder, in the browser's own dialog. */
export async function pick(
  page: Page,
  item: "Import files…" | "Import a folder…",
  paths: readonly string[],
): Promise<void> {
  await page.getByRole("button", { name: "Add sessions" }).click();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("menuitem", { name: item }).click();
  await (await chooser).setFiles([...paths]);
}

/** The card that shows the running import and its outcome. */
export function importCard(page: Page): Locator {
  return page.getByRole("region", { name: "Import" });
}

/** Imports these files; resolves once all are imported. */
export async function importFiles(page: Page, paths: readonly string[]): Promise<void> {
  await pick(page, "Import files…", paths);
  await importCard(page).getByText(`Imported ${paths.length} session`).waitFor();
  await importCard(page).getByRole("button", { name: "Dismiss import report" }).click();
  // The list shows them a moment later.
  await page.getByRole("listbox").getByRole("option").first().waitFor();
}

/** Imports as many of these files as find space; resolves once the others have failed. */
export async function importUntilFull(page: Page, paths: readonly string[]): Promise<void> {
  await pick(page, "Import files…", paths);
  await importCard(page)
    .getByText(/files? failed/)
    .waitFor();
}

/** Drops files and folders from outside the browser on the middle of the page. */
export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths.map((path) => resolve(path)), dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 400, y: 400, data });
  }
  await session.detach();
}
