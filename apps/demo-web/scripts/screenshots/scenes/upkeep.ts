/** Pictures of sweeps and storage, and of pruned and damaged sessions. */
import { flipByteOfArchive } from "../../../test/e2e/support/damage.ts";
import { toList } from "../../../test/e2e/support/screens.ts";
import { actMore, openArticle, openSession, pruneOpen } from "../../../test/e2e/support/session.ts";
import { closeSweep, openSweep, slide, startButton } from "../../../test/e2e/support/sweep.ts";
import type { Scene } from "../scene.ts";

export const sweep: Scene = async ({ page, shoot }) => {
  const dialog = await openSweep(page);
  await shoot("sweep-plan");
  await slide(dialog, "Idle for at least", "Home");
  await slide(dialog, "Archives may take up", "Home");
  await shoot("sweep-plan-with-cap");
  await slide(dialog, "Archives may take up", "End");
  await startButton(dialog).click();
  await dialog.getByRole("progressbar").waitFor();
  await shoot("sweep-running");
  await dialog.getByRole("region", { name: "Report" }).waitFor();
  await shoot("sweep-report");
  await closeSweep(dialog);
  await shoot("list-archived");
};

/** Everything is archived by now: the smallest cap prunes most of it. */
export const pruning: Scene = async ({ page, shoot }) => {
  const dialog = await openSweep(page);
  await slide(dialog, "Archives may take up", "Home");
  await startButton(dialog).click();
  await dialog.getByRole("region", { name: "Report" }).waitFor();
  await shoot("sweep-report-pruned");
  await closeSweep(dialog);
  await shoot("list-pruned");
};

export const storage: Scene = async ({ page, shoot }) => {
  await page.getByRole("link", { name: /^Storage/ }).click();
  await page.getByRole("article", { name: "Storage" }).waitFor();
  await shoot("storage");
  await page.getByRole("heading", { name: "Compression by session" }).scrollIntoViewIfNeeded();
  await shoot("storage-bottom");
  await toList(page);
};

export const tombstone: Scene = async ({ page, samples, shoot }) => {
  await openSession(page, samples.large.title);
  await actMore(page, "Prune…");
  await shoot("prune-question");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await pruneOpen(page);
  await shoot("tombstone");
  await toList(page);
};

export const failure: Scene = async ({ page, samples, shoot }) => {
  await openSession(page, samples.claudeCode.title);
  await flipByteOfArchive(page);
  await page.reload();
  await actMore(page, "Verify every byte");
  await openArticle(page).getByRole("alert").first().waitFor();
  await shoot("error");
  await toList(page);
};
