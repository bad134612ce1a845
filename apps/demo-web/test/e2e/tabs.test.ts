import { expect } from "vitest";
import { digestOfFile } from "./support/bytes.ts";
import { test } from "./support/e2e.ts";
import { digestOf, digestOpen } from "./support/export.ts";
import { importFiles } from "./support/import.ts";
import { writeSample, writeSamples } from "./support/sample.ts";
import {
  action,
  archiveOpen,
  letAgentWrite,
  openArticle,
  openSession,
  restoreOpen,
  rowIn,
  untilState,
} from "./support/session.ts";
import { openSweep, startButton } from "./support/sweep.ts";
import { feed } from "./support/transcript.ts";

test("one tab's changes appear in the other, which can go on reading", async ({ page, openTab, folder }) => {
  const other = await openTab();
  const sample = await writeSample(folder, { title: "Mend the parser" });
  await importFiles(page, [sample.path]);
  await rowIn(other, sample.title, "Live").waitFor();
  await openSession(other, sample.title);
  await openSession(page, sample.title);

  await archiveOpen(page);
  await untilState(other, "Archived");
  await feed(other).getByText(sample.lastWords).waitFor();
  expect(await digestOpen(other)).toEqual(await digestOfFile(sample.path));
  await letAgentWrite(page, 1);
  await untilState(other, "Resumed");
  expect(await digestOpen(other)).toEqual(await digestOpen(page));
  await restoreOpen(other);
  await untilState(page, "Live");
  expect(await digestOpen(page)).toEqual(await digestOpen(other));
});

test("only one tab at a time lets an agent write to a session", async ({ page, openTab, folder }) => {
  const sample = await writeSample(folder, { title: "Mend the parser" });
  await importFiles(page, [sample.path]);
  const other = await openTab();
  for (const tab of [page, other]) await openSession(tab, sample.title);
  await action(page, "Start agent").click();
  await action(page, "Stop agent").waitFor();
  await action(other, "Start agent").click();
  await openArticle(other)
    .getByRole("alert")
    .getByText(/is being written to/)
    .waitFor();
  await action(page, "Stop agent").click();
  await action(page, "Start agent").waitFor();
  await openArticle(other).getByRole("button", { name: "Try again" }).click();
  await action(other, "Stop agent").click();
  await action(other, "Start agent").waitFor();
  expect(await digestOpen(other)).toEqual(await digestOpen(page));
});

test("of two tabs that sweep, one shows that the other is sweeping", async ({ page, openTab, folder }) => {
  const samples = await writeSamples(
    folder,
    [1, 2].map((number) => ({ title: `Large number ${number}`, bytes: 15_000_000, kind: "codex" as const })),
  );
  await importFiles(
    page,
    samples.map(({ path }) => path),
  );
  const other = await openTab();
  const here = await openSweep(page);
  const there = await openSweep(other);
  await startButton(here).click();
  await here.getByRole("progressbar", { name: "Sweeping" }).waitFor();
  await startButton(there).click();
  await there.getByRole("heading", { name: "Another tab is sweeping" }).waitFor();
  await here.getByRole("region", { name: "Report" }).waitFor();
  await here.getByText("2 sessions archived").waitFor();
  await there.getByRole("button", { name: "Done" }).click();
  for (const { title, path } of samples) {
    await rowIn(other, title, "Archived").waitFor();
    expect(await digestOf(other, title)).toEqual(await digestOfFile(path));
  }
});
