/** Reports: they add up, and tell failures by their code. */
import { expect, test } from "vitest";
import { ArchiverError, emptyReport, failureOf } from "../../src/index.js";
import { addFailure, addReport } from "../../src/ops/report.js";

test("two reports add up, the first reason to refuse stays", () => {
  const of = (count: number) => ({
    ...{ archivedCount: count, prunedCount: count, purgedCount: count, skippedCount: count, failedCount: count },
    ...{ liveBytesFreed: count, archiveBytesAdded: count, archiveBytesFreed: count },
  });
  const sum = { ...emptyReport(), ...of(1), refused: "first", failures: [failureOf("a", new Error("x"))] };
  addReport(sum, { ...emptyReport(), ...of(2), refused: "second", failures: [failureOf("b", new Error("y"))] });
  expect(sum).toMatchObject({ ...of(3), refused: "first" });
  expect(sum.failures.map(({ id }) => id)).toEqual(["a", "b"]);
  const none = emptyReport();
  addReport(none, sum);
  expect(none).toEqual(sum);
});

test("a failure keeps its code; what has none is UNAVAILABLE", () => {
  const report = emptyReport();
  addFailure(report, "a", new ArchiverError("QUOTA", "full"));
  addFailure(report, "b", "not an error");
  expect(report).toMatchObject({
    failedCount: 2,
    failures: [
      { id: "a", code: "QUOTA", message: "full" },
      { id: "b", code: "UNAVAILABLE", message: "not an error" },
    ],
  });
});
