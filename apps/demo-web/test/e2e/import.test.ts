import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { expect } from "vitest";
import { digestOfFile } from "./support/bytes.ts";
import { test } from "./support/e2e.ts";
import { digestOf } from "./support/export.ts";
import { drop, importCard, importFiles, pick } from "./support/import.ts";
import { type Sample, writeSample, writeSamples } from "./support/sample.ts";
import { allRows, archiveOpen, openSession, rowIn, untilState } from "./support/session.ts";

async function expectAllWhole(page: Page, samples: readonly Sample[]): Promise<void> {
  for (const { title, path } of samples) expect(await digestOf(page, title)).toEqual(await digestOfFile(path));
}

/** A folder as agents leave it: folders in folders, other files among them. */
async function writeTree(folder: string): Promise<readonly Sample[]> {
  const samples = await writeSamples(folder, [
    { title: "Mend the parser", file: "projects/one/parser.jsonl" },
    { title: "Name the branches", file: "projects/one/deeper/branches.jsonl", kind: "codex" },
    { title: "Pack the release", file: "projects/two/release.jsonl.gz" },
  ]);
  await writeFile(join(folder, "projects", "one", "settings.json"), "{}");
  return samples;
}

test("single files, plain and packed, are imported byte for byte", async ({ page, folder }) => {
  const samples = await writeSamples(folder, [
    { title: "Mend the parser" },
    { title: "Name the branches", kind: "codex" },
    { title: "Pack the release", file: "release.jsonl.gz" },
    { title: "Ask for a review", file: "rollout.jsonl.zst", kind: "codex", bytes: 1_000_000 },
  ]);
  await importFiles(
    page,
    samples.map(({ path }) => path),
  );
  // The list follows the import.
  await allRows(page).nth(3).waitFor();
  expect(await allRows(page).count()).toBe(4);
  await expectAllWhole(page, samples);
});

test("a folder is imported with all its subfolders", async ({ page, folder }) => {
  const samples = await writeTree(folder);
  await pick(page, "Import a folder…", [join(folder, "projects")]);
  await importCard(page).getByText("Imported 3 sessions").waitFor();
  await importCard(page).getByText("1 other file left alone").waitFor();
  await expectAllWhole(page, samples);
});

test("files and folders can be dropped on the page", async ({ page, folder }) => {
  const samples = [...(await writeTree(folder)), await writeSample(folder, { title: "Ask for a review" })];
  await page.getByRole("heading", { name: /^Drop/ }).waitFor();
  await drop(page, [join(folder, "projects"), join(folder, "Ask-for-a-review.jsonl")]);
  await importCard(page).getByText("Imported 4 sessions").waitFor();
  await expectAllWhole(page, samples);
});

test("known lines stay as they are and new lines are appended, archived or not", async ({ page, folder }) => {
  const sample = await writeSample(folder, { title: "Mend the parser" });
  await importFiles(page, [sample.path]);
  await openSession(page, sample.title);
  await archiveOpen(page);

  await pick(page, "Import files…", [sample.path]);
  await importCard(page).getByText("1 file unchanged").waitFor();
  await untilState(page, "Archived");

  await appendFile(sample.path, '{"type":"user","message":{"role":"user","content":"And on it goes."}}\n');
  await pick(page, "Import files…", [sample.path]);
  await importCard(page).getByText("Appended to 1 session").waitFor();
  await untilState(page, "Resumed");
  await expectAllWhole(page, [sample]);
});

test("a broken file is refused in plain words and leaves nothing behind; files of other types are ignored", async ({
  page,
  folder,
}) => {
  const [good] = await writeSamples(folder, [{ title: "Mend the parser" }]);
  const whole = await writeSample(folder, { title: "Pack the release", file: "release.jsonl.gz", bytes: 400_000 });
  await mkdir(join(folder, "broken"));
  const cut = join(folder, "broken", "cut.jsonl.gz");
  await writeFile(cut, (await readFile(whole.path)).subarray(0, -2000));
  const notGzip = join(folder, "broken", "not-gzip.jsonl.gz");
  await writeFile(notGzip, "plain text\n");
  const text = join(folder, "broken", "notes.txt");
  await writeFile(text, "no transcript\n");

  await page.getByRole("heading", { name: /^Drop/ }).waitFor();
  await drop(page, [text]);
  await importCard(page).getByText("Nothing to import.").waitFor();
  await importCard(page)
    .getByText(/\.jsonl\.gz/)
    .waitFor();

  await drop(page, [cut, notGzip, text, ...(good ? [good.path] : [])]);
  await importCard(page).getByText("Imported 1 session").waitFor();
  await importCard(page).getByRole("button", { name: "Show report" }).click();
  const report = page.getByRole("dialog", { name: "Import report" });
  await report.getByRole("heading", { name: "Failed (2)" }).waitFor();
  for (const name of ["cut.jsonl.gz", "not-gzip.jsonl.gz"]) {
    const entry = report.getByRole("listitem").filter({ hasText: name });
    expect(await entry.textContent()).toMatch(/is not one whole gzip file: it is cut off, damaged/);
  }
  await page.keyboard.press("Escape");
  await page.reload(); // to see the store's state, not the page's
  await rowIn(page, "Mend the parser", "Live").waitFor();
  expect(await allRows(page).count()).toBe(1);
});

test("an import can be cancelled: finished sessions stay, unfinished ones leave nothing", async ({ page, folder }) => {
  const small = await writeSample(folder, { title: "Mend the parser", file: "all/a.jsonl" });
  const large = await writeSample(folder, { title: "Port the tests", file: "all/b.jsonl", bytes: 30_000_000, seed: 2 });
  await page.getByRole("heading", { name: /^Drop/ }).waitFor();
  await pick(page, "Import files…", [small.path, large.path]);
  await importCard(page)
    .getByText(/^1 of 2/)
    .waitFor();
  await importCard(page).getByRole("button", { name: "Cancel" }).click();
  await importCard(page).getByRole("button", { name: "Dismiss import report" }).waitFor();
  await page.reload();
  await rowIn(page, small.title, "Live").waitFor();
  expect(await allRows(page).count()).toBe(1);
  await expectAllWhole(page, [small]);
  await importFiles(page, [large.path]); // and can be imported later
  await expectAllWhole(page, [large]);
});
