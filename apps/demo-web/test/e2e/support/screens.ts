/** Shows each of the app's main screens, one after the other. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { flipByteOfArchive } from "./damage.ts";
import { importCard, pick } from "./import.ts";
import { writeSample } from "./sample.ts";
import { actMore, allRows, archiveOpen, openArticle, openSession, pruneOpen } from "./session.ts";
import { closeSweep, openSweep, runSweep } from "./sweep.ts";
import { goToStart, untilShown } from "./transcript.ts";

/** Calls `look` with the name of each screen while it is shown. The app must be empty at the start. */
export async function visitScreens(page: Page, folder: string, look: (name: string) => Promise<void>): Promise<void> {
  await page.getByRole("heading", { name: /^Drop/ }).waitFor();
  await look("empty");

  const claudeCode = await writeSample(folder, { title: "Mend the parser", daysAgo: 2 });
  const codex = await writeSample(folder, { title: "Name the branches", kind: "codex", seed: 2, bytes: 300_000 });
  const pruned = await writeSample(folder, { title: "Pack the release", seed: 3 });
  const broken = join(folder, "broken.jsonl.gz");
  await writeFile(broken, "no gzip data");
  await pick(page, "Import files…", [claudeCode.path, codex.path, pruned.path, broken]);
  await importCard(page).getByRole("button", { name: "Show report" }).click();
  await look("import report");
  await page.keyboard.press("Escape");
  await look("list, with the report of an import");
  await importCard(page).getByRole("button", { name: "Dismiss import report" }).click();

  await openSession(page, claudeCode.title);
  await goToStart(page);
  await untilShown(page);
  await look("transcript of Claude Code, live");
  await openArticle(page).getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menu").waitFor();
  await look("menu");
  await page.keyboard.press("Escape");
  await toList(page);

  const dialog = await openSweep(page);
  await look("sweep, planned");
  await runSweep(dialog);
  await look("sweep, report");
  await closeSweep(dialog);

  await openSession(page, codex.title);
  await goToStart(page);
  await untilShown(page);
  await look("transcript of Codex, archived");
  await actMore(page, "Prune…");
  await page.getByRole("dialog", { name: "Prune this session?" }).waitFor();
  await look("question");
  await page.keyboard.press("Escape");
  await toList(page);

  await openSession(page, pruned.title);
  await pruneOpen(page);
  await look("tombstone");
  await toList(page);
  await page.getByRole("link", { name: /^Storage/ }).click();
  await page.getByRole("article", { name: "Storage" }).waitFor();
  await look("storage");
  await toList(page);

  await openSession(page, claudeCode.title);
  await archiveOpen(page);
  await flipByteOfArchive(page);
  await page.reload();
  await actMore(page, "Verify every byte");
  await openArticle(page).getByRole("alert").first().waitFor();
  await look("failure");
}

/** On a narrow screen, goes back from an open page to the list. */
export async function toList(page: Page): Promise<void> {
  const back = page.getByRole("button", { name: "Back to the sessions" });
  if (await back.isVisible()) await back.click();
  else await page.getByRole("link", { name: "Session archiver" }).click();
  await page.getByRole("searchbox").fill("");
  await allRows(page).first().waitFor();
}
