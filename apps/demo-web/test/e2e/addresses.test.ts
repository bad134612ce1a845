import { expect } from "vitest";
import { test } from "./support/e2e.ts";
import { importFiles } from "./support/import.ts";
import { writeSample } from "./support/sample.ts";
import { openSession } from "./support/session.ts";
import { untilInView } from "./support/transcript.ts";

test("an address that is wrong says so, and calls nothing deleted; a right one opens its session", async ({
  page,
  site,
  folder,
}) => {
  const sample = await writeSample(folder, { title: "Mend the parser", file: "work/parser.jsonl" });
  await importFiles(page, [sample.path]);
  await openSession(page, sample.title);
  const address = page.url();
  for (const wrong of [`${address}/more`, `${site.url}#/storage/more`, `${site.url}#/sessions`]) {
    await page.goto(wrong);
    await page.getByRole("heading", { name: "There is no page at this address" }).waitFor();
    expect(await page.getByRole("main").textContent()).not.toMatch(/deleted/);
  }
  await page.goto(`${address}x`);
  await page.getByRole("heading", { name: "This session is not here" }).waitFor();
  await page.goto(address);
  await untilInView(page, sample.lastWords);
});
