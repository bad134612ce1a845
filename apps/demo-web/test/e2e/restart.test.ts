import { join } from "node:path";
import { launchChromiumIn } from "@session-archiver/test-kit/machine";
import { expect } from "vitest";
import { digestOfFile } from "./support/bytes.ts";
import { test } from "./support/e2e.ts";
import { digestOf } from "./support/export.ts";
import { importFiles } from "./support/import.ts";
import { watchForProblems } from "./support/problems.ts";
import { writeSamples } from "./support/sample.ts";
import { archiveOpen, letAgentWrite, openSession, rowIn } from "./support/session.ts";

test("sessions outlive the browser: live, archived and resumed", async ({ site, folder }) => {
  const [live, archived, resumed] = await writeSamples(folder, [
    { title: "Mend the parser" },
    { title: "Name the branches", kind: "codex" },
    { title: "Pack the release" },
  ]);
  if (!live || !archived || !resumed) throw new Error("There are no samples.");
  const profile = join(folder, "profile");
  const before = await launchChromiumIn(profile);
  const problems = watchForProblems(before);
  const page = await before.newPage();
  await page.goto(site.url);
  await importFiles(page, [live.path, archived.path, resumed.path]);
  for (const { title } of [archived, resumed]) {
    await openSession(page, title);
    await archiveOpen(page);
  }
  await letAgentWrite(page, 1);
  const whole = await digestOf(page, resumed.title);
  await before.close();
  problems.check();

  const after = await launchChromiumIn(profile);
  const again = await after.newPage();
  await again.goto(site.url);
  await rowIn(again, live.title, "Live").waitFor();
  await rowIn(again, archived.title, "Archived").waitFor();
  await rowIn(again, resumed.title, "Resumed").waitFor();
  expect(await digestOf(again, live.title)).toEqual(await digestOfFile(live.path));
  expect(await digestOf(again, archived.title)).toEqual(await digestOfFile(archived.path));
  expect(await digestOf(again, resumed.title)).toEqual(whole);
  await after.close();
});
