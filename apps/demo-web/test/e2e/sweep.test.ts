import type { Locator, Page } from "playwright";
import { expect } from "vitest";
import { digestOfFile } from "./support/bytes.ts";
import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { digestOf } from "./support/export.ts";
import { importFiles } from "./support/import.ts";
import { type Sample, writeSamples } from "./support/sample.ts";
import { action, openArticle, openSession, rowIn, rowOf } from "./support/session.ts";
import { closeSweep, openSweep, planned, runSweep, slide, startButton } from "./support/sweep.ts";

const AGES = [1, 10, 20, 40];

async function importOfAges(page: Page, folder: string): Promise<readonly Sample[]> {
  const samples = await writeSamples(
    folder,
    AGES.map((days) => ({ title: `Of ${days} days ago`, daysAgo: days + 0.5 })),
  );
  await importFiles(
    page,
    samples.map(({ path }) => path),
  );
  return samples;
}

/** The titles that the plan would archive. */
async function toArchive(dialog: Locator): Promise<readonly string[]> {
  const steps = dialog.getByRole("region", { name: "Sessions in the plan" }).getByTitle(/^Of/);
  return (await steps.allTextContents()).sort();
}

test("the plan is shown first, follows the sliders, and is carried out as shown", async ({ page, folder }) => {
  const samples = await importOfAges(page, folder);
  const dialog = await openSweep(page);
  expect(await toArchive(dialog)).toEqual(["Of 10 days ago", "Of 20 days ago", "Of 40 days ago"]);
  await slide(dialog, "Idle for at least", "PageUp", "ArrowRight");
  expect(await toArchive(dialog)).toEqual(["Of 20 days ago", "Of 40 days ago"]);
  await dialog.getByText(/(^|· )Idle for 40 days$/).waitFor();
  expect(await startButton(dialog).textContent()).toBe("Archive 2 sessions");
  for (const { title } of samples) expect(await rowIn(page, title, "Live").count()).toBe(1);

  await runSweep(dialog);
  await dialog.getByText("2 sessions archived").waitFor();
  await closeSweep(dialog);
  for (const [index, { title, path }] of samples.entries()) {
    await rowIn(page, title, index < 2 ? "Live" : "Archived").waitFor();
    expect(await digestOf(page, title)).toEqual(await digestOfFile(path));
  }
  const again = await openSweep(page);
  await again.getByText("Nothing to sweep").waitFor();
  expect(await again.getByRole("button", { name: "Nothing to do" }).isDisabled()).toBe(true);
});

test("a pinned session is left alone, and the plan says so", async ({ page, folder }) => {
  const [, , old] = await importOfAges(page, folder);
  if (!old) throw new Error("There is no sample.");
  await openSession(page, old.title);
  await action(page, "Pin").click();
  await action(page, "Unpin").waitFor();
  const dialog = await openSweep(page);
  expect(await toArchive(dialog)).toEqual(["Of 10 days ago", "Of 40 days ago"]);
  await dialog.getByRole("button", { name: /^Left alone/ }).click();
  await dialog.getByText(/(^|· )Pinned$/).waitFor();
  await runSweep(dialog);
  await closeSweep(dialog);
  await rowIn(page, old.title, "Live").waitFor();
});

test("sessions over the cap are pruned as planned, beginning with the one that was active longest ago", async ({
  page,
  folder,
}) => {
  const samples = await writeSamples(
    folder,
    [30, 40].map((daysAgo) => ({ title: `Of ${daysAgo} days ago`, bytes: 3_500_000, daysAgo })),
  );
  for (const { path, title } of samples) {
    await importFiles(page, [path]);
    const dialog = await openSweep(page);
    await runSweep(dialog);
    await closeSweep(dialog);
    await rowIn(page, title, "Archived").waitFor();
  }
  const dialog = await openSweep(page);
  await slide(dialog, "Archives may take up", "Home");
  await dialog.getByRole("slider", { name: "Archives may take up" }).press("Home");
  expect(await startButton(dialog).textContent()).toBe("Sweep 1 session");
  await runSweep(dialog);
  await dialog.getByText("1 session pruned").waitFor();
  await closeSweep(dialog);
  await rowIn(page, "Of 40 days ago", "Pruned").waitFor();
  await rowIn(page, "Of 30 days ago", "Archived").waitFor();
  await openSession(page, "Of 40 days ago");
  await openArticle(page).getByText("A sweep: the archives were over the cap").waitFor();
});

test("a sweep can be cancelled: finished sessions stay archived, the others are unchanged", async ({
  page,
  folder,
}) => {
  const samples = await writeSamples(
    folder,
    [1, 2, 3, 4].map((number) => ({ title: `Large number ${number}`, bytes: 12_000_000, kind: "codex" as const })),
  );
  await importFiles(
    page,
    samples.map(({ path }) => path),
  );
  const dialog = await openSweep(page);
  await startButton(dialog).click();
  await dialog.getByText(/^1 of 4 sessions/).waitFor();
  await dialog.getByRole("button", { name: "Cancel sweep" }).click();
  await dialog.getByRole("heading", { name: "Sweep stopped" }).waitFor();
  await closeSweep(dialog);
  await eventually(() => rowsIn(page, samples, "Archived")).toBeGreaterThan(0);
  expect(await rowsIn(page, samples, "Live")).toBeGreaterThan(0);
  for (const { title, path } of samples) expect(await digestOf(page, title)).toEqual(await digestOfFile(path));

  const again = await openSweep(page); // and can be finished
  await planned(again);
  await runSweep(again);
  await closeSweep(again);
  for (const { title } of samples) await rowIn(page, title, "Archived").waitFor();
});

async function rowsIn(page: Page, samples: readonly Sample[], state: "Live" | "Archived"): Promise<number> {
  const counts = await Promise.all(
    samples.map(({ title }) => rowOf(page, title).getByText(state, { exact: true }).count()),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
