/** Real disks that are full, read-only or broken, and a process without descriptors: nothing is lost, and it goes on. */
import { constants } from "node:os";
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
import { expect, test } from "vitest";

const OPEN = new URL("kills/store.ts", import.meta.url).href;
const { EIO, EROFS, ENOSPC } = constants.errno;
if (!canMount) console.warn(NO_MOUNT);
if (!canFailCalls) console.warn(NO_COMPILER);

test.skipIf(!canMount)("a full disk is QUOTA, and once there is room all goes on", async () => {
  const attempts = await fullDisk(OPEN);
  expect(outcomesOf(attempts)).toEqual(["QUOTA", "done"]);
  for (const step of ["append", "archive", "merge", "sweep", "restore", "tombstone"]) {
    const failed = attempts.filter((attempt) => attempt.step === step && attempt.outcome === "QUOTA");
    expect(failed.length, step).toBeGreaterThan(0);
    for (const { message } of failed) expect(message).toMatch(/ENOSPC: no space left on device/);
  }
  // What only deletes needs no room.
  expect(attempts.filter(({ step, outcome }) => step === "collect" && outcome !== "done")).toEqual([]);
});

test.skipIf(!canMount)("a read-only disk can be read, and refuses all else with UNAVAILABLE", async () => {
  const all = await readOnlyDisk(OPEN);
  const readOnly = all.filter(({ at }) => at === "read-only");
  expect(readOnly.find(({ step }) => step === "read")?.outcome).toBe("done");
  for (const step of ["append", "archive", "tombstone"]) {
    expect(readOnly.find((attempt) => attempt.step === step)?.outcome, step).toBe("INVALID_ARGUMENT");
  }
  const attempts = all.filter(({ at }) => !at);
  expect(attempts.find(({ step }) => step === "read")?.outcome).toBe("done");
  for (const step of ["append", "archive", "sweep", "restore", "tombstone"]) {
    const message = expect.stringContaining("EROFS: read-only file system");
    expect(attempts.find((attempt) => attempt.step === step)).toMatchObject({ outcome: "UNAVAILABLE", message });
  }
});

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
  for (const call of ["open64", "pwrite64", "fsync", "mkdir", "rename", "link", "unlink"]) {
    expect(
      attempts.some(({ at }) => at?.startsWith(`${call} `)),
      call,
    ).toBe(true);
  }
});

test("without file descriptors left it is UNAVAILABLE, and with some again all goes on", async () => {
  const attempts = await noDescriptors(OPEN);
  expect(outcomesOf(attempts)).toEqual(["UNAVAILABLE", "done"]);
  const failed = attempts.filter(({ outcome }) => outcome === "UNAVAILABLE");
  expect(new Set(failed.map(({ step }) => step)).size).toBeGreaterThan(5);
  for (const { message } of failed) expect(message).toMatch(/EMFILE|unable to open|too many open files/);
});
