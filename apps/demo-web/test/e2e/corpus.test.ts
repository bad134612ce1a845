import { stat } from "node:fs/promises";
import { join } from "node:path";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import type { Page } from "playwright";
import { describe, expect } from "vitest";
import { digest, digestOfFile, isOneMember } from "./support/bytes.ts";
import { test } from "./support/e2e.ts";
import { digestOpen, exportOpen } from "./support/export.ts";
import { importCard, pick } from "./support/import.ts";
import { actMore, restoreOpen, untilState } from "./support/session.ts";
import { closeSweep, openSweep, runSweep, slide } from "./support/sweep.ts";

/** Of each folder, the largest so many are brought back too; of all of them the tests of the adapter do that. */
const RESTORED = 4;
const FOLDERS = ["claude-code", "codex", "other", "derived"];

/** By the address, as a bookmark would: many sessions have equal titles. */
async function openById(page: Page, id: string): Promise<void> {
  await page.evaluate(
    (hash) => {
      document.querySelector("article.session")?.setAttribute("data-before", "");
      location.hash = hash;
    },
    `#/session/${encodeURIComponent(id)}`,
  );
  await page.locator("article.session:not([data-before])").waitFor();
}

const idOf = (folder: string, file: string): string => `${folder}/${file.replace(/\.jsonl$/, "")}`;

async function largest(folder: string, files: readonly string[]): Promise<readonly string[]> {
  const sized = await Promise.all(
    files.map(async (file) => ({ file, size: (await stat(join(CORPUS, folder, file))).size })),
  );
  return sized
    .sort((a, b) => b.size - a.size)
    .slice(0, RESTORED)
    .map(({ file }) => file);
}

describe.skipIf(!hasCorpus)(hasCorpus ? "real sessions" : `real sessions (${NO_CORPUS})`, () => {
  test.for(FOLDERS)(
    "%s: imported, swept, verified and restored byte for byte",
    { timeout: 600_000 },
    async (folder, { page }) => {
      const files = await corpusFiles(folder);
      await pick(page, "Import a folder…", [join(CORPUS, folder)]);
      await importCard(page).getByText(`Imported ${files.length} sessions`).waitFor();
      await importCard(page).getByRole("button", { name: "Dismiss import report" }).click();
      const dialog = await openSweep(page);
      await slide(dialog, "Idle for at least", "Home");
      await runSweep(dialog);
      await closeSweep(dialog);

      for (const file of files) {
        await openById(page, idOf(folder, file));
        const { file: exported, transcript } = await exportOpen(page);
        expect(digest(transcript)).toEqual(await digestOfFile(join(CORPUS, folder, file)));
        if (transcript.toString().trim() === "") continue; // there is nothing to archive in it
        await untilState(page, "Archived");
        expect(isOneMember(exported)).toBe(true);
      }

      for (const file of await largest(folder, files)) {
        await openById(page, idOf(folder, file));
        await actMore(page, "Verify every byte");
        await page.getByRole("status").getByText("Verified: every byte is there").first().waitFor();
        await restoreOpen(page);
        expect(await digestOpen(page)).toEqual(await digestOfFile(join(CORPUS, folder, file)));
      }
    },
  );
});
