import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { digestOfFile } from "./support/bytes.ts";
import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { digestOpen } from "./support/export.ts";
import { importCard, importFiles, pick } from "./support/import.ts";
import { writeSample } from "./support/sample.ts";
import {
  action,
  actMore,
  allRows,
  archiveOpen,
  openArticle,
  openSession,
  pruneOpen,
  rowIn,
  untilState,
} from "./support/session.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

test("a pinned session can't be pruned; unpinned, it can, and back again", async ({ page, folder }) => {
  const sample = await writeSample(folder, { title: "Mend the parser" });
  await importFiles(page, [sample.path]);
  await openSession(page, sample.title);
  await archiveOpen(page);
  await action(page, "Pin").click();
  await openArticle(page).getByText("Pinned", { exact: true }).waitFor();
  await openArticle(page).getByRole("button", { name: "More actions" }).click();
  expect(await page.getByRole("menuitem", { name: "Prune…" }).isDisabled()).toBe(true);
  await page.keyboard.press("Escape");
  await action(page, "Unpin").click();
  await action(page, "Pin").waitFor();

  const before = Date.now();
  await pruneOpen(page);
  await rowIn(page, sample.title, "Pruned").waitFor();
  await openArticle(page).getByRole("heading", { name: "Pruned, but not gone yet" }).waitFor();
  const tombstone = openArticle(page).locator("dl");
  const lines = (await readFile(sample.path, "utf8")).split("\n").length - 1;
  expect(await tombstone.textContent()).toContain(`${lines} lines`);
  expect(await tombstone.textContent()).toContain("You asked for it");
  const { 1: until = "" } = /Kept until(.+?)Still taken up/.exec((await tombstone.textContent()) ?? "") ?? [];
  // Shown to the minute.
  expect(Date.parse(until)).toBeGreaterThan(before + 7 * DAY_MS - MINUTE_MS);
  expect(Date.parse(until)).toBeLessThanOrEqual(Date.now() + 7 * DAY_MS);
  await openArticle(page).getByText(`Until ${until}`).waitFor();
  expect(await action(page, "Export").count()).toBe(0);
  expect(await page.getByRole("feed").count()).toBe(0);

  await openArticle(page).getByRole("button", { name: "Undo prune" }).click();
  await untilState(page, "Archived");
  expect(await digestOpen(page)).toEqual(await digestOfFile(sample.path));
});

test("a pruned session's file is not imported again", async ({ page, folder }) => {
  const sample = await writeSample(folder, { title: "Mend the parser" });
  await importFiles(page, [sample.path]);
  await openSession(page, sample.title);
  await archiveOpen(page);
  await pruneOpen(page);
  await pick(page, "Import files…", [sample.path]);
  await importCard(page).getByText("1 file failed").waitFor();
  await importCard(page).getByRole("button", { name: "Show report" }).click();
  await page
    .getByRole("dialog", { name: "Import report" })
    .getByText(/was pruned\. Undo that or delete it/)
    .waitFor();
  await page.keyboard.press("Escape");
  await untilState(page, "Pruned");
});

test("a session can be deleted for good, after a question", async ({ page, folder }) => {
  const sample = await writeSample(folder, { title: "Mend the parser" });
  const other = await writeSample(folder, { title: "Name the branches", seed: 2 });
  await importFiles(page, [sample.path, other.path]);
  await openSession(page, sample.title);
  await archiveOpen(page);
  await actMore(page, "Delete for good…");
  const question = page.getByRole("dialog", { name: "Delete this session for good?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await untilState(page, "Archived");
  await actMore(page, "Delete for good…");
  await question.getByRole("button", { name: "Delete for good" }).click();
  await eventually(() => allRows(page).count()).toBe(1);
  await page.reload();
  await rowIn(page, other.title, "Live").waitFor();
  expect(await allRows(page).count()).toBe(1);
  await importFiles(page, [sample.path]); // its file can be imported again
  await openSession(page, sample.title);
  expect(await digestOpen(page)).toEqual(await digestOfFile(sample.path));
});
