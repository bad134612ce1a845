import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { digestOfFile, gzipTest, isOneMember } from "./support/bytes.ts";
import { test } from "./support/e2e.ts";
import { digestOpen, exportOpen } from "./support/export.ts";
import { importFiles } from "./support/import.ts";
import { writeSample } from "./support/sample.ts";
import { archiveOpen, letAgentWrite, openSession, restoreOpen, rowIn, untilState } from "./support/session.ts";
import { goToStart, line, untilInView } from "./support/transcript.ts";

test.for([{ kind: "claude-code" }, { kind: "codex" }] as const)(
  "an archived $kind session is read from its first line to its last, and stays archived",
  async ({ kind }, { page, folder }) => {
    const sample = await writeSample(folder, { title: "Mend the parser", kind, bytes: 3_000_000 });
    await importFiles(page, [sample.path]);
    await openSession(page, sample.title);
    await archiveOpen(page);
    await page.reload(); // so that the page remembers nothing of the live session
    await openSession(page, sample.title);
    await untilInView(page, sample.lastWords);
    await goToStart(page);
    await untilInView(page, sample.title);
    await untilState(page, "Archived");
    await rowIn(page, sample.title, "Archived").waitFor();
  },
);

test("archived, resumed, archived again and restored, a session has all its bytes", async ({ page, folder }) => {
  const sample = await writeSample(folder, { title: "Mend the parser", bytes: 3_000_000 });
  const original = await digestOfFile(sample.path);
  await importFiles(page, [sample.path]);
  await openSession(page, sample.title);
  expect(await digestOpen(page)).toEqual(original);
  await archiveOpen(page);
  expect(await digestOpen(page)).toEqual(original);

  await letAgentWrite(page, 2);
  await untilState(page, "Resumed");
  const resumed = (await exportOpen(page)).transcript;
  const before = await readFile(sample.path);
  expect(resumed.subarray(0, before.length).equals(before)).toBe(true);
  const added = resumed.subarray(before.length).toString().split("\n");
  expect(added.pop()).toBe(""); // the last line is ended, too
  expect(added.length).toBeGreaterThanOrEqual(2);
  for (const text of added) expect(JSON.parse(text)).toHaveProperty("type");
  await line(page, (await readFile(sample.path, "utf8")).split("\n").length - 1)
    .getByText(sample.lastWords)
    .waitFor();

  await archiveOpen(page);
  const merged = await exportOpen(page);
  expect(merged.transcript.equals(resumed)).toBe(true);
  expect(isOneMember(merged.file)).toBe(true);
  await restoreOpen(page);
  expect((await exportOpen(page)).transcript.equals(resumed)).toBe(true);
});

test("exports are gzip files that other programs read", async ({ page, folder }) => {
  const sample = await writeSample(folder, { title: "Mend the parser", file: "deep/in/parser.jsonl" });
  await importFiles(page, [sample.path]);
  await openSession(page, sample.title);
  const live = await exportOpen(page);
  expect(live.name).toBe("parser.jsonl.gz");
  await gzipTest(live.path);
  await archiveOpen(page);
  const archived = await exportOpen(page);
  await gzipTest(archived.path);
  expect(isOneMember(archived.file)).toBe(true);
  expect(archived.transcript.equals(live.transcript)).toBe(true);
});
