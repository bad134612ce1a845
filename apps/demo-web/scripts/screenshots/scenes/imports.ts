/** Pictures of the empty app, of imports, and of the list. */
import { importCard, pick } from "../../../test/e2e/support/import.ts";
import type { Scene } from "../scene.ts";

export const empty: Scene = async ({ page, shoot }) => {
  await page.getByRole("heading", { name: /^Drop/ }).waitFor({ state: "attached" });
  await shoot("empty");
  await page.getByRole("button", { name: "Add sessions" }).click();
  await page.getByRole("menu", { name: "Add sessions" }).waitFor();
  await shoot("add-menu");
  await page.keyboard.press("Escape");
};

export const imports: Scene = async ({ page, samples, shoot }) => {
  await pick(page, "Import a folder…", [`${samples.folder}/transcripts`]);
  await importCard(page).getByRole("progressbar").waitFor();
  await shoot("import-running");
  await importCard(page).getByRole("button", { name: "Show report" }).click();
  await shoot("import-report");
  await page.keyboard.press("Escape");
  await importCard(page).getByRole("button", { name: "Dismiss import report" }).click();
};

export const list: Scene = async ({ page, shoot }) => {
  await page.getByRole("button", { name: "Add sessions" }).click();
  await page.getByRole("menuitem", { name: "Make sample sessions…" }).click();
  const dialog = page.getByRole("dialog", { name: "Make sample sessions" });
  await dialog.getByRole("slider", { name: "Sessions" }).fill("110");
  await dialog.getByLabel("Size of each, about").selectOption({ index: 0 });
  await shoot("samples-dialog");
  await dialog.getByRole("button", { name: "Make 110 sessions" }).click();
  const made = page.getByRole("status").getByText("Made 110 sample sessions.");
  await made.waitFor();
  await page.getByText("113 sessions", { exact: true }).waitFor();
  await shoot("list");
  await made.waitFor({ state: "detached" });
  await page.getByRole("searchbox").fill("nothing has this title");
  await shoot("list-no-match");
  await page.getByRole("button", { name: "Show all sessions" }).click();
};
