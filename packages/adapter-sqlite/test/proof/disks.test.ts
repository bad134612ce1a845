/** Real disks that are full, read-only or broken, a process without descriptors, a limit on pages: nothing is lost. */
import { DatabaseSync } from "node:sqlite";
import { createArchiver, hasCode, toBytes } from "@session-archiver/core";
import { pattern } from "@session-archiver/test-kit/bytes";
import { defineDiskTests } from "@session-archiver/test-kit/fault-tests";
import { noDescriptors, outcomesOf } from "@session-archiver/test-kit/faults";
import { expect, onTestFinished, test } from "vitest";
import { openSqlite } from "../../src/index.js";
import { count, databaseFile } from "../support/stores.js";

const OPEN = new URL("kills/store.ts", import.meta.url).href;

defineDiskTests({
  open: OPEN,
  full: { steps: ["append", "restore", "tombstone"], message: /is full\. Free space, then try again\./ },
  readOnly(attempts) {
    const message = expect.stringMatching(/sessions\.db: unable to open database file.*be writable/);
    expect(attempts).toEqual([{ step: "open", outcome: "UNAVAILABLE", message }]);
  },
  calls: ["pwrite64", "fsync"],
});

test("an open store works without free file descriptors: it needs none", async () => {
  expect(outcomesOf(await noDescriptors(OPEN))).toEqual(["done"]);
});

test("a database at its max_page_count is QUOTA at every page, and works again with more pages", async () => {
  const file = databaseFile();
  const handle = new DatabaseSync(file);
  handle.exec("PRAGMA journal_mode = WAL");
  onTestFinished(() => handle.close());
  const store = await openSqlite(handle);
  const archiver = createArchiver(store);
  const recorder = archiver.recorder("chat/1", { create: { view: "agent" } });
  const line = (n: number): string => `${Buffer.from(pattern(15_000, n)).toString("base64")}\n`;
  let written = "";
  let lines = 0;
  let full = 0;
  const limit = (pages: number): void => handle.exec(`PRAGMA max_page_count = ${pages}`);
  /** A session that could not be archived can't be restored: INVALID_ARGUMENT. */
  const attempt = async (step: () => Promise<unknown>): Promise<boolean> => {
    try {
      await step();
      return true;
    } catch (error) {
      if (hasCode(error, "INVALID_ARGUMENT")) return false;
      expect(error).toMatchObject({ code: "QUOTA", message: expect.stringContaining("max_page_count") });
      full++;
      return false;
    }
  };
  await recorder.append("\n");
  written += "\n";
  for (let more = 0; more < 8; more++) {
    limit(count(file, "PRAGMA page_count") + more);
    while (await attempt(() => recorder.append(line(lines)))) written += line(lines++);
    await attempt(() => archiver.archive("chat/1"));
    await attempt(() => archiver.restore("chat/1"));
    expect(new TextDecoder().decode(await toBytes(archiver.read("chat/1")))).toBe(written);
    limit(1_000_000);
    await archiver.archive("chat/1");
    if (more % 3 === 0) await archiver.restore("chat/1");
    await archiver.gc({ graceDays: 0 });
  }
  expect(full).toBeGreaterThan(8);
  await recorder.close();
  expect(await archiver.verifyAll()).toMatchObject({ checked: 1, bad: [] });
  expect(new TextDecoder().decode(await toBytes(archiver.read("chat/1")))).toBe(written);
});
