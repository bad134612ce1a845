import { longTasksDuring } from "@session-archiver/test-kit/machine";
import type { Page } from "playwright";
import { expect } from "vitest";
import { test } from "./support/e2e.ts";
import { importFiles } from "./support/import.ts";
import { type Sample, writeSample, writeSamples } from "./support/sample.ts";
import { archiveOpen, rowOf } from "./support/session.ts";
import { openSweep, runSweep } from "./support/sweep.ts";
import { feed, goToStart, line, untilInView, untilShown } from "./support/transcript.ts";

const LINES = 100_000;
/** Generous: on an idle machine it is a tenth of this. */
const OPEN_WITHIN_MS = 2000;
const OPENINGS = 3;

/** Milliseconds from the click on the row to the last line, each time after a fresh load of the page. */
async function openTimes(page: Page, { title, lastWords }: Sample): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    await page.reload();
    await page.getByRole("link", { name: "Session archiver" }).click();
    const row = rowOf(page, title);
    await row.waitFor();
    const start = performance.now();
    await row.click();
    await feed(page).getByText(lastWords).waitFor();
    times.push(performance.now() - start);
    await untilInView(page, lastWords);
  }
  return times.sort((a, b) => a - b);
}

const median = (sorted: readonly number[]): number => sorted[sorted.length >> 1] ?? Number.NaN;
const rounded = (all: readonly number[]): string => all.map((each) => `${Math.round(each)} ms`).join(", ");

test("100,000 lines: opened at once, live and archived, and archived without holding the page up", {
  timeout: 600_000,
}, async ({ page, folder, annotate }) => {
  const long = await writeSample(folder, { title: "The longest session", lines: LINES, kind: "codex" });
  await importFiles(page, [long.path]);
  const live = await openTimes(page, long);
  await annotate(`opening it live: ${rounded(live)}`);
  await expectToReadAnywhere(page, long);

  expect(await longTasksDuring(page, () => archiveOpen(page))).toEqual([]);
  const archived = await openTimes(page, long);
  await annotate(`opening it archived: ${rounded(archived)}`);
  await expectToReadAnywhere(page, long);
  expect(median(live)).toBeLessThan(OPEN_WITHIN_MS);
  expect(median(archived)).toBeLessThan(OPEN_WITHIN_MS);

  await goToStart(page);
  const tasks = await longTasksDuring(page, () => pageDown(page, 40));
  await annotate(`tasks of more than 50 ms in 40 pages down: ${tasks.length === 0 ? "none" : rounded(tasks)}`);
  expect(Math.max(0, ...tasks)).toBeLessThan(200);
});

test("a sweep doesn't hold the page up", async ({ page, folder }) => {
  const samples = await writeSamples(
    folder,
    Array.from({ length: 12 }, (_, index) => ({ title: `Number ${index + 1}`, bytes: 1_500_000 })),
  );
  await importFiles(
    page,
    samples.map(({ path }) => path),
  );
  const dialog = await openSweep(page);
  expect(await longTasksDuring(page, () => runSweep(dialog))).toEqual([]);
});

async function expectToReadAnywhere(page: Page, { title, lastWords }: Sample): Promise<void> {
  await goToStart(page);
  await untilInView(page, title);
  await page.getByRole("textbox", { name: "Go to line" }).fill("50000");
  await page.keyboard.press("Enter");
  await line(page, 50_000).waitFor();
  await page.getByRole("button", { name: "Go to the end" }).click();
  await untilInView(page, lastWords);
}

async function pageDown(page: Page, times: number): Promise<void> {
  await feed(page).focus();
  for (let i = 0; i < times; i++) {
    await page.keyboard.press("PageDown");
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await untilShown(page);
}
