import type { Page } from "playwright";
import { expect } from "vitest";
import { digestOfFile } from "./support/bytes.ts";
import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { digestOf } from "./support/export.ts";
import { importCard, importFiles, pick } from "./support/import.ts";
import { type Sample, writeSample, writeSamples } from "./support/sample.ts";
import { action, allRows, archiveOpen, openArticle, openSession, restoreOpen, rowIn } from "./support/session.ts";
import { closeSweep, openSweep, runSweep, startButton } from "./support/sweep.ts";

/** So large that every operation on it takes longer than reloading the page. */
const LARGE = { bytes: 30_000_000, kind: "codex" } as const;

async function expectAllWhole(page: Page, samples: readonly Sample[]): Promise<void> {
  for (const { title, path } of samples) expect(await digestOf(page, title)).toEqual(await digestOfFile(path));
}

/** Reloads the page during an operation on the open session. */
async function reloadDuring(page: Page, name: "Archiving" | "Restoring"): Promise<void> {
  const bar = openArticle(page).getByRole("progressbar", { name });
  await eventually(async () => Number(await bar.getAttribute("aria-valuenow")), 5).toBeGreaterThan(0);
  await page.reload();
}

test("in the middle of an import", async ({ page, folder }) => {
  const small = await writeSample(folder, { title: "Mend the parser", file: "a.jsonl" });
  const large = await writeSample(folder, { ...LARGE, title: "Port the tests", file: "b.jsonl", seed: 2 });
  await pick(page, "Import files…", [small.path, large.path]);
  await importCard(page)
    .getByText(/^1 of 2/)
    .waitFor();
  await page.reload();
  await rowIn(page, small.title, "Live").waitFor();
  expect(await allRows(page).count()).toBe(1); // nothing of the interrupted one
  await expectAllWhole(page, [small]);
  await importFiles(page, [large.path]);
  await expectAllWhole(page, [small, large]);
  expect(await allRows(page).count()).toBe(2);
});

test("in the middle of archiving, and of restoring", async ({ page, folder }) => {
  const sample = await writeSample(folder, { ...LARGE, title: "Port the tests" });
  await importFiles(page, [sample.path]);
  await openSession(page, sample.title);
  await action(page, "Archive").click();
  await reloadDuring(page, "Archiving");
  await rowIn(page, sample.title, "Live").waitFor();
  await expectAllWhole(page, [sample]);

  await archiveOpen(page);
  await action(page, "Restore").click();
  await reloadDuring(page, "Restoring");
  await rowIn(page, sample.title, "Archived").waitFor();
  await expectAllWhole(page, [sample]);
  await restoreOpen(page);
  await expectAllWhole(page, [sample]);
});

test("in the middle of a sweep", async ({ page, folder }) => {
  const samples = await writeSamples(
    folder,
    [1, 2, 3].map((number) => ({ ...LARGE, bytes: 10_000_000, title: `Large number ${number}` })),
  );
  await importFiles(
    page,
    samples.map(({ path }) => path),
  );
  const dialog = await openSweep(page);
  await startButton(dialog).click();
  await dialog.getByText(/^1 of 3 sessions/).waitFor();
  await page.reload();
  await allRows(page).first().waitFor();
  expect(await allRows(page).getByText("Archived", { exact: true }).count()).toBeGreaterThan(0);
  expect(await allRows(page).getByText("Live", { exact: true }).count()).toBeGreaterThan(0);
  await expectAllWhole(page, samples);

  const again = await openSweep(page);
  await runSweep(again);
  await closeSweep(again);
  for (const { title } of samples) await rowIn(page, title, "Archived").waitFor();
  await expectAllWhole(page, samples);
});
