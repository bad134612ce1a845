/** The picture in the repository's README: an archived session, read in the built app. `readme-picture.ts [file]` */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { launchChromium } from "@session-archiver/test-kit/chromium";
import { serveBuiltSite } from "../test/e2e/support/built-site.ts";
import { importFiles } from "../test/e2e/support/import.ts";
import { toList } from "../test/e2e/support/screens.ts";
import { action, archiveOpen, openSession, untilState } from "../test/e2e/support/session.ts";
import { closeSweep, openSweep, startButton } from "../test/e2e/support/sweep.ts";
import { goToStart, untilShown } from "../test/e2e/support/transcript.ts";
import { CONVERSATION, conversation } from "./screenshots/conversation.ts";

const file = resolve(process.argv[2] ?? fileURLToPath(new URL("../../../docs/images/demo.png", import.meta.url)));
const folder = await mkdtemp(join(tmpdir(), "readme-picture-"));
const site = await serveBuiltSite();
const browser = await launchChromium();
try {
  const path = join(folder, "importer.jsonl");
  await writeFile(path, conversation());
  const page = await browser.newPage({ viewport: { width: 1200, height: 700 }, reducedMotion: "reduce" });
  await page.goto(site.url);
  await page.getByRole("button", { name: "Add sessions" }).click();
  await page.getByRole("menuitem", { name: "Make sample sessions…" }).click();
  const dialog = page.getByRole("dialog", { name: "Make sample sessions" });
  await dialog.getByRole("slider", { name: "Sessions" }).fill("20");
  await dialog.getByRole("button", { name: /^Make \d+ sessions/ }).click();
  const made = page.getByRole("status").getByText(/^Made \d+ sample sessions/);
  await made.waitFor();
  await made.waitFor({ state: "detached" });
  await importFiles(page, [path]);

  const sweep = await openSweep(page);
  await startButton(sweep).click();
  await sweep.getByRole("region", { name: "Report" }).waitFor();
  await closeSweep(sweep);
  await openSession(page, CONVERSATION);
  await archiveOpen(page);
  await toList(page);
  // The sweep has archived it; the agent's new lines become its second part.
  await page.getByRole("listbox", { name: "Sessions" }).getByRole("option").nth(3).click();
  await untilState(page, "Archived");
  await action(page, "Start agent").click();
  await untilState(page, "Resumed");
  await action(page, "Stop agent").click();

  await openSession(page, CONVERSATION);
  await goToStart(page);
  await untilShown(page);
  await page.evaluate(() => document.fonts.ready);
  await mkdir(dirname(file), { recursive: true });
  await page.screenshot({ path: file });
} finally {
  await browser.close();
  await site.close();
  await rm(folder, { recursive: true });
}
console.log(file);
