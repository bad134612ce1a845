/** Real disks that are full, read-only or broken: nothing is lost, and the store continues to work. */
import { constants } from "node:os";
import { expect, test } from "vitest";
import {
  canFailCalls,
  canMount,
  type DiskAttempt,
  failingCalls,
  fullDisk,
  KILLS,
  NO_COMPILER,
  NO_MOUNT,
  outcomesOf,
  readOnlyDisk,
  sweepOfFullDisk,
} from "../faults/index.js";

interface DiskTests {
  /** URL of the module that opens the store. */
  readonly open: string;
  /** The steps that need room, their message without it, and the steps that need none. */
  readonly full: {
    readonly steps: readonly string[];
    readonly message: RegExp;
    readonly without?: readonly string[];
  };
  /** How many bytes are left where a sweep frees all, for sessions of up to 1 MB. A store whose log may take more has none. */
  readonly sweepable?: number;
  /** Checks the attempts on a read-only disk, with a store that was opened to write. */
  readonly readOnly: (attempts: readonly DiskAttempt[]) => void;
  /** System calls that a write must make. Each must fail at least once. */
  readonly calls: readonly string[];
}

const { EIO, EROFS, ENOSPC } = constants.errno;

/** By name: the error, and whether each system call fails alone, or also all later ones. */
const FAILING: readonly (readonly [name: string, errno: number, mode: "once" | "on"])[] = [
  ["EIO in one system call", EIO, "once"],
  ["a disk that turns read-only half-way", EROFS, "on"],
];
const FAILING_LONG: typeof FAILING = [
  ["EIO in all calls", EIO, "on"],
  ["no more room", ENOSPC, "on"],
];

export function defineDiskTests({ open, full, sweepable, readOnly, calls }: DiskTests): void {
  if (!canMount) console.warn(NO_MOUNT);
  if (!canFailCalls) console.warn(NO_COMPILER);

  test.skipIf(!canMount)("a full disk is QUOTA, and once there is room all goes on", async () => {
    const attempts = await fullDisk(open);
    expect(outcomesOf(attempts)).toEqual(["QUOTA", "done"]);
    for (const step of full.steps) {
      const failed = attempts.filter((attempt) => attempt.step === step && attempt.outcome === "QUOTA");
      expect(failed.length, step).toBeGreaterThan(0);
      for (const { message } of failed) expect(message).toMatch(full.message);
    }
    for (const step of full.without ?? []) {
      expect(attempts.filter((attempt) => attempt.step === step && attempt.outcome !== "done")).toEqual([]);
    }
  });

  test.skipIf(!canMount || sweepable === undefined)("a sweep of an almost full disk frees all as it goes", async () => {
    const { sessions, liveBytes, report } = await sweepOfFullDisk(open, sweepable ?? 0);
    expect(report).toMatchObject({ archivedCount: sessions, liveBytesFreed: liveBytes, failures: [] });
  });

  test.skipIf(!canMount)("a sweep of a full disk stops after a few refusals, and says how much would do", async () => {
    const { sessions, report } = await sweepOfFullDisk(open, 0);
    expect(report.outOfSpace?.sessionCount).toBe(sessions - report.archivedCount);
    expect(report.failures.length).toBeLessThan(10);
    for (const { code } of report.failures) expect(code).toBe("QUOTA");
  });

  test.skipIf(!canMount)("a read-only disk can be read, and refuses all else; later nothing is missing", async () => {
    const attempts = await readOnlyDisk(open);
    const opened = attempts.filter(({ at }) => at === "read-only");
    expect(opened.find(({ step }) => step === "read")?.outcome).toBe("done");
    for (const step of ["append", "archive", "tombstone"]) {
      expect(opened.find((attempt) => attempt.step === step)?.outcome, step).toBe("INVALID_ARGUMENT");
    }
    readOnly(attempts.filter(({ at }) => !at));
  });

  test.skipIf(!canFailCalls).each(KILLS < 1000 ? FAILING : [...FAILING, ...FAILING_LONG])(
    "%s, at each in turn, loses nothing",
    { timeout: 180_000 },
    async (_, errno, mode) => {
      const attempts = await failingCalls(open, errno, mode);
      expect(attempts.length).toBeGreaterThan(100);
      // If the effect is in doubt, the code is UNAVAILABLE, even on a full disk.
      const outcomes = errno === ENOSPC ? ["QUOTA", "UNAVAILABLE", "done"] : ["UNAVAILABLE", "done"];
      expect(outcomesOf(attempts)).toEqual(outcomes);
      const failed = new Set(attempts.map(({ at }) => at?.split(" ")[0]));
      for (const call of calls) expect(failed).toContain(call);
    },
  );
}
