import { emptyReport } from "@session-archiver/core";
import { expect, test } from "vitest";
import { reportText } from "../src/commands/report.js";

test("a sweep that ended for lack of space says how much helps", () => {
  const outOfSpace = { sessionCount: 12, liveBytes: 3_400_000, neededBytes: 250_000 };
  const report = { ...emptyReport(), archivedCount: 3, liveBytesFreed: 800_000, failedCount: 2, outOfSpace };
  const text = reportText(report, { by: undefined, undoableUntil: undefined });
  expect(text).toContain("Failed      2 sessions\n");
  expect(text).toContain("No space    12 sessions of 3.4 MB left: free about 250 kB, then sweep again");
});
