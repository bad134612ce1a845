import { pageTimeDuring } from "@session-archiver/test-kit/chromium";
import type { Page } from "playwright";
import { expect } from "vitest";
import { test } from "./support/e2e.ts";
import { importFiles } from "./support/import.ts";
import { type Sample, writeSample, writeSamples } from "./support/sample.ts";
import { archiveOpen, rowOf } from "./support/session.ts";
import { openSweep, runSweep } from "./support/sweep.ts";
import { feed, goToStart, line, untilInView, untilShown } from "./support/transcript.ts";

const LINES = 100_000;
/** Processor time of the page and its worker, a generous limit: it takes a tenth of that. */
const OPEN_WITHIN_MS = 2000;
/** Total blocking time. A task that does the worker's work in the page adds hundreds. */
const BLOCKED_AT_MOST_MS = 50;
const OPENINGS = 3;

/** Processor time from the click on the row until the last line is shown; reloads the page before each measurement. */
async function openTimes(page: Page, { title, lastWords }: Sample): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    await page.reload();
    await page.getByRole("link", { name: "Session archiver" }).click();
    const row = rowOf(page, title);
    await row.waitFor();
    const { total } = await pageTimeDuring(page, async () => {
      await row.click();
      await feed(page).getByText(lastWords).waitFor();
    });
    times.push(total);
    await untilInView(page, lastWords);
  }
  return times.sort((a, b) => a - b);
}

const median = (sorted: readonly number[]): number => sorted[sorted.length >> 1] ?? Number.NaN;
const rounded = (all: readonly number[]): string => all.map((each) => `${Math.round(each)} ms`).join(", ");

test("100,000 lines open at once, live and archived, and archiving them doesn't block the page", {
  timeout: 600_000,
}, async ({ page, folder, annotate }) => {
  const long = await writeSample(folder, { title: "The longest session", lines: LINES, kind: "codex" });
  await importFiles(page, [long.path]);
  const live = await openTimes(page, long);
  await annotate(`opening it live: ${rounded(live)}`);
  await expectToReadAnywhere(page, long);

  expect((await pageTimeDuring(page, () => archiveOpen(page))).blocking).toBeLessThan(BLOCKED_AT_MOST_MS);
  const archived = await openTimes(page, long);
  await annotate(`opening it archived: ${rounded(archived)}`);
  await expectToReadAnywhere(page, long);
  expect(median(live)).toBeLessThan(OPEN_WITHIN_MS);
  expect(median(archived)).toBeLessThan(OPEN_WITHIN_MS);

  await goToStart(page);
  const { longTasks, blocking } = await pageTimeDuring(page, () => pageDown(page, 40));
  await annotate(`tasks of more than 50 ms in 40 pages down: ${longTasks.length === 0 ? "none" : rounded(longTasks)}`);
  expect(blocking).toBeLessThan(200);
});

test("a sweep doesn't block the page", async ({ page, folder }) => {
  const samples = await writeSamples(
    folder,
    Array.from({ length: 12 }, (_, index) => ({ title: `Number ${index + 1}`, bytes: 1_500_000 })),
  );
  await importFiles(
    page,
    samples.map(({ path }) => path),
  );
  const dialog = await openSweep(page);
  expect((await pageTimeDuring(page, () => runSweep(dialog))).blocking).toBeLessThan(BLOCKED_AT_MOST_MS);
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
