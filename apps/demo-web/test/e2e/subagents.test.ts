import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { claudeCodeWriter } from "@session-archiver/transcripts";
import type { Page } from "playwright";
import { expect } from "vitest";
import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { importCard, pick } from "./support/import.ts";
import { actMore, allRows, archiveOpen, openSession, rowIn } from "./support/session.ts";

const CALLER = "Mend the parser";
const OTHER = "Name the branches";
const SUBAGENTS = ["Find the tokens", "Try the tests"];

/** A session of Claude Code; with `agent`, of its subagent, as it writes both. */
function lines(title: string, sessionId: string, project: string, agent?: string): string {
  const session = { sessionId, cwd: `/home/ada/${project}`, version: "2.1.328", gitBranch: "main" };
  const writer = claudeCodeWriter({ ...session, model: "claude-opus-4-1-20250805" });
  const stamp = (uuid: string) => ({ uuid, timestamp: "2026-05-01T10:00:00.000Z" });
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
  const written = [
    writer.prompt(title, stamp("1")),
    writer.answer({ id: "m", content: [{ type: "text", text: "Done." }], usage }, stamp("2")),
  ];
  const own = agent === undefined ? {} : { isSidechain: true, agentId: agent };
  return written.map((line) => `${JSON.stringify({ ...JSON.parse(line), ...own })}\n`).join("");
}

async function importProjects(page: Page, folder: string): Promise<void> {
  const files: Record<string, string> = {
    "importer/s1.jsonl": lines(CALLER, "s1", "importer"),
    "importer/s1/subagents/agent-a1.jsonl": lines(SUBAGENTS[0] ?? "", "s1", "importer", "a1"),
    "importer/s1/subagents/agent-b2.jsonl": lines(SUBAGENTS[1] ?? "", "s1", "importer", "b2"),
    "other/s2.jsonl": lines(OTHER, "s2", "other"),
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, "projects", name)), { recursive: true });
    await writeFile(join(folder, "projects", name), text);
  }
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
