import type { Page } from "playwright";
import { expect } from "vitest";
import { digestOfFile } from "./support/bytes.ts";
import { flipByteOfArchive } from "./support/damage.ts";
import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { digestOf } from "./support/export.ts";
import { importCard, importFiles, importUntilFull } from "./support/import.ts";
import { limitStorage } from "./support/quota.ts";
import { type Sample, writeNoise, writeSample } from "./support/sample.ts";
import {
  action,
  actMore,
  allRows,
  archiveOpen,
  openArticle,
  openSession,
  untilState,
  whichAreLive,
} from "./support/session.ts";

test("with storage full, imports and archives fail in plain words and lose nothing", async ({ page, folder }) => {
  const sizes = [5, 5, 5, 1, 1, 1, 1, 1];
  const samples = await Promise.all(
    sizes.map((megabytes, index) => writeNoise(folder, `Noise number ${index + 1}`, megabytes * 1_000_000)),
  );
  const lift = await limitStorage(page, 14_000_000);
  await importUntilFull(
    page,
    samples.map(({ path }) => path),
  );
  await importCard(page).getByRole("button", { name: "Show report" }).click();
  const report = page.getByRole("dialog", { name: "Import report" });
  const words = report.getByText(/This browser's storage is full\./);
  await words.first().waitFor();
  const failed = await words.count();
  await page.keyboard.press("Escape");
  await importCard(page).getByRole("button", { name: "Dismiss import report" }).click();
  await eventually(() => allRows(page).count()).toBe(samples.length - failed);
  const kept = await whichAreLive(page, samples);

  const [first] = kept;
  if (!first) throw new Error("No file was imported.");
  await openSession(page, first.title);
  await action(page, "Archive").click();
  await told(page, /Archiving failed\. This browser's storage is full\./);
  await untilState(page, "Live");
  await expectAllWhole(page, kept);
  await page.reload();
  await expectAllWhole(page, kept);

  await lift();
  const rest = samples.filter((sample) => !kept.includes(sample));
  await importFiles(
    page,
    rest.map(({ path }) => path),
  );
  await openSession(page, first.title);
  await archiveOpen(page);
  await expectAllWhole(page, samples);
});

async function expectAllWhole(page: Page, samples: readonly Sample[]): Promise<void> {
  for (const { title, path } of samples) expect(await digestOf(page, title)).toEqual(await digestOfFile(path));
}

test("every action on a damaged archive reports it in plain words, and no other session is affected", async ({
  page,
  folder,
}) => {
  const sample = await writeSample(folder, { title: "Mend the parser", bytes: 300_000 });
  const other = await writeSample(folder, { title: "Name the branches", seed: 2 });
  await importFiles(page, [sample.path, other.path]);
  await openSession(page, sample.title);
  await archiveOpen(page);
  await flipByteOfArchive(page);
  await page.reload();
  await openSession(page, sample.title);
  await told(page, /The stored bytes don't match their checksum\./); // by the transcript

  await actMore(page, "Verify every byte");
  await told(page, /Verifying failed\. The stored bytes don't match their checksum\./);
  await action(page, "Restore").click();
  await told(page, /Restoring failed\. The stored bytes don't match their checksum\./);
  await untilState(page, "Archived");
  await action(page, "Export").click();
  await told(page, /The export failed\. The stored bytes don't match their checksum\./);
  expect(await allRows(page).count()).toBe(2);
  expect(await digestOf(page, other.title)).toEqual(await digestOfFile(other.path));
});

async function told(page: Page, words: RegExp): Promise<void> {
  await openArticle(page).getByRole("alert").getByText(words).waitFor();
}
