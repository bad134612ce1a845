/** Real disks that are full, read-only or broken, a process without descriptors, a limit on pages: nothing is lost. */
import { constants } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { createArchiver, hasCode, toBytes } from "@session-archiver/core";
import {
  canFailCalls,
  canMount,
  failingCalls,
  fullDisk,
  KILLS,
  NO_COMPILER,
  NO_MOUNT,
  noDescriptors,
  outcomesOf,
  readOnlyDisk,
} from "@session-archiver/test-kit/faults";
import { expect, onTestFinished, test } from "vitest";
import { openSqlite } from "../src/index.js";
import { pattern } from "./support/bytes.js";
import { count, databaseFile } from "./support/stores.js";

const OPEN = new URL("kills/store.ts", import.meta.url).href;
const { EIO, EROFS, ENOSPC } = constants.errno;
if (!canMount) console.warn(NO_MOUNT);
if (!canFailCalls) console.warn(NO_COMPILER);

test.skipIf(!canMount)("a full disk is QUOTA, and once there is room all goes on", async () => {
  const attempts = await fullDisk(OPEN);
  expect(outcomesOf(attempts)).toEqual(["QUOTA", "done"]);
  for (const step of ["append", "restore", "tombstone"]) {
    const failed = attempts.filter((attempt) => attempt.step === step && attempt.outcome === "QUOTA");
    expect(failed.length, step).toBeGreaterThan(0);
    for (const { message } of failed) expect(message).toContain("is full. Free space, then try again.");
  }
});

test.skipIf(!canMount)(
  "on a read-only disk a store can only be opened read-only, and says why; later nothing is missing",
  async () => {
    const attempts = await readOnlyDisk(OPEN);
    const readOnly = attempts.filter(({ at }) => at === "read-only");
    expect(readOnly.find(({ step }) => step === "read")?.outcome).toBe("done");
    for (const step of ["append", "archive", "tombstone"]) {
      expect(readOnly.find((attempt) => attempt.step === step)?.outcome, step).toBe("INVALID_ARGUMENT");
    }
    const message = expect.stringMatching(/sessions\.db: unable to open database file.*be writable/);
    expect(attempts.filter(({ at }) => !at)).toEqual([{ step: "open", outcome: "UNAVAILABLE", message }]);
  },
);

test.skipIf(!canFailCalls).each([
  ["EIO in one system call", EIO, "once"],
  ["a disk that turns read-only half-way", EROFS, "on"],
  ...(KILLS < 1000
    ? []
    : ([
        ["EIO in all calls", EIO, "on"],
        ["no more room", ENOSPC, "on"],
      ] as const)),
] as const)("%s, at each in turn, loses nothing", async (_, errno, mode) => {
  const attempts = await failingCalls(OPEN, errno, mode);
  expect(attempts.length).toBeGreaterThan(100);
  // Where the effect is in doubt it is UNAVAILABLE, also on a full disk.
  expect(outcomesOf(attempts)).toEqual(errno === ENOSPC ? ["QUOTA", "UNAVAILABLE", "done"] : ["UNAVAILABLE", "done"]);
  for (const call of ["pwrite64", "fsync"]) {
    expect(
      attempts.some(({ at }) => at?.startsWith(`${call} `)),
      call,
    ).toBe(true);
  }
});

test("without file descriptors left an open store goes on: it needs none", async () => {
  expect(outcomesOf(await noDescriptors(OPEN))).toEqual(["done"]);
});

test("a database at its max_page_count is QUOTA at whatever page, and goes on with more", async () => {
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
  /** What could not be archived before can't be restored: INVALID_ARGUMENT. */
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
  expect(await archiver.verifyAll()).toEqual({ checked: 1, bad: [] });
  expect(new TextDecoder().decode(await toBytes(archiver.read("chat/1")))).toBe(written);
});
