/** Real disks that are full, read-only or broken, and a process without descriptors: nothing is lost, and it goes on. */
import { defineDiskTests } from "@session-archiver/test-kit/fault-tests";
import { noDescriptors, outcomesOf } from "@session-archiver/test-kit/faults";
import { expect, test } from "vitest";

const OPEN = new URL("kills/store.ts", import.meta.url).href;

defineDiskTests({
  open: OPEN,
  full: {
    steps: ["append", "archive", "merge", "sweep", "restore", "tombstone"],
    message: /ENOSPC: no space left on device/,
    without: ["collect"],
  },
  sweepable: 128 * 1024,
  readOnly(attempts) {
    expect(attempts.find(({ step }) => step === "read")?.outcome).toBe("done");
    for (const step of ["append", "archive", "sweep", "restore", "tombstone"]) {
      const message = expect.stringContaining("EROFS: read-only file system");
      expect(attempts.find((attempt) => attempt.step === step)).toMatchObject({ outcome: "UNAVAILABLE", message });
    }
  },
  calls: ["open64", "pwrite64", "fsync", "mkdir", "rename", "link", "unlink"],
});

test("without file descriptors left it is UNAVAILABLE, and with some again all goes on", async () => {
  const attempts = await noDescriptors(OPEN);
  expect(outcomesOf(attempts)).toEqual(["UNAVAILABLE", "done"]);
  const failed = attempts.filter(({ outcome }) => outcome === "UNAVAILABLE");
  expect(new Set(failed.map(({ step }) => step)).size).toBeGreaterThan(5);
  for (const { message } of failed) expect(message).toMatch(/EMFILE|unable to open|too many open files/);
});
