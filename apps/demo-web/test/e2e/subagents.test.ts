import { join } from "node:path";
import type { Page } from "playwright";
import { expect } from "vitest";
import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { importCard, pick } from "./support/import.ts";
import { CALLER, OTHER, SUBAGENTS, writeProjects } from "./support/projects.ts";
import { actMore, allRows, archiveOpen, openSession, rowIn } from "./support/session.ts";

async function importProjects(page: Page, folder: string): Promise<void> {
  await writeProjects(folder);
  await pick(page, "Import a folder…", [join(folder, "projects")]);
  await importCard(page).getByText("Imported 4 sessions").waitFor();
  await importCard(page).getByRole("button", { name: "Dismiss import report" }).click();
  await allRows(page).nth(3).waitFor();
}

const titles = (page: Page): Promise<readonly string[]> => page.locator(".session-option-title").allTextContents();

test("subagents stand below the session that called them, and go with it", async ({ page, folder }) => {
  await importProjects(page, folder);
  await page.getByLabel("Sort by").selectOption("By title");
  // By title alone, the first subagent would come first.
  await eventually(() => titles(page)).toEqual([CALLER, ...SUBAGENTS, OTHER]);
  expect(await allRows(page).nth(1).textContent()).toContain("Subagent");

  await openSession(page, SUBAGENTS[0] ?? "");
  await page.getByRole("link", { name: CALLER }).click();
  await page.getByRole("article", { name: CALLER, exact: true }).waitFor();
  await page.getByText("2 subagents", { exact: true }).waitFor();
  await archiveOpen(page);
  for (const title of SUBAGENTS) await rowIn(page, title, "Archived").waitFor();
  await rowIn(page, OTHER, "Live").waitFor();

  await actMore(page, "Delete for good…");
  const question = page.getByRole("dialog", { name: "Delete this session for good?" });
  await question.getByText(`“${CALLER}” and its 2 subagents`).waitFor();
  await question.getByRole("button", { name: "Delete for good" }).click();
  await eventually(() => titles(page)).toEqual([OTHER]);
  await page.reload();
  await rowIn(page, OTHER, "Live").waitFor();
  expect(await titles(page)).toEqual([OTHER]);
});

test("rows say project, agent and model, and are found by them", async ({ page, folder }) => {
  await importProjects(page, folder);
  await page.getByText("importer · Claude Code · claude-opus-4-1", { exact: true }).first().waitFor();
  await page.getByRole("searchbox").fill("importer opus");
  await eventually(async () => (await titles(page)).length).toBe(3);
  await page.getByRole("searchbox").fill("codex");
  await page.getByRole("heading", { name: "No session matches" }).waitFor();
});
