/** Pictures of transcripts: generated ones, and real ones if there are any. */
import { basename } from "node:path";
import { importCard, pick } from "../../../test/e2e/support/import.ts";
import { toList } from "../../../test/e2e/support/screens.ts";
import { action, archiveOpen, openArticle, openSession, untilState } from "../../../test/e2e/support/session.ts";
import { goToStart, untilShown } from "../../../test/e2e/support/transcript.ts";
import type { Scene, Stage } from "../scene.ts";

async function transcript({ page, shoot }: Stage, title: string, name: string): Promise<void> {
  await openSession(page, title);
  await untilShown(page);
  await shoot(`${name}-end`);
  await goToStart(page);
  await untilShown(page);
  await shoot(name);
}

export const transcripts: Scene = async (stage) => {
  const { page, samples, shoot } = stage;
  for (const [name, { title }] of Object.entries({ "claude-code": samples.claudeCode, codex: samples.codex })) {
    await transcript(stage, title, `${name}-live`);
    await archiveOpen(page);
    await toList(page);
    await transcript(stage, title, `${name}-archived`);
    await toList(page);
  }
  await openSession(page, samples.codex.title);
  await action(page, "Start agent").click();
  await untilState(page, "Resumed");
  await untilShown(page);
  await shoot("agent-running");
  await action(page, "Stop agent").click();
  await openArticle(page).getByRole("button", { name: "Start agent" }).waitFor();
  await action(page, "Pin").click();
  await openArticle(page).getByRole("button", { name: "Unpin" }).waitFor();
  await openArticle(page).getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menu", { name: "More actions" }).waitFor();
  await shoot("more-actions");
  await page.keyboard.press("Escape");
  await toList(page);
};

export const real: Scene = async (stage) => {
  const { page, samples, shoot } = stage;
  for (const path of samples.real) {
    await pick(page, "Import files…", [path]);
    await importCard(page).getByRole("button", { name: "Show report" }).click();
    await page
      .getByRole("dialog", { name: "Import report" })
      .getByRole("button", { name: basename(path) })
      .click();
    await untilShown(page);
    await shoot(`real-${basename(path, ".jsonl")}-end`);
    await goToStart(page);
    await untilShown(page);
    await shoot(`real-${basename(path, ".jsonl")}`);
    await toList(page);
    await importCard(page).getByRole("button", { name: "Dismiss import report" }).click();
  }
};
