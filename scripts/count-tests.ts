/**
 * Names the tests that failed, in Vitest's JSON report, on standard error; prints how many passed and how many did not.
 * Files that failed to load count as failed.
 */
import { readFileSync } from "node:fs";

interface Test {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages?: readonly string[];
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly Test[];
  }[];
}

const report = JSON.parse(readFileSync(process.argv[2] ?? "test-results.json", "utf8")) as Report;
let broken = 0;
for (const { name, status, message, assertionResults } of report.testResults) {
  for (const { status, fullName, failureMessages = [] } of assertionResults)
    if (status === "failed") console.error(`::: FAILED: ${name}: ${fullName}\n${failureMessages.join("\n")}`);
  if (status !== "failed" || assertionResults.length > 0) continue;
  console.error(`::: FAILED TO LOAD: ${name}\n${message ?? ""}`);
  broken++;
}
console.log(report.numPassedTests, report.numFailedTests + broken);
