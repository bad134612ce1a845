/** Prints how many tests passed and how many did not, from Vitest's JSON report. Files that failed to load count as failed. */
import { readFileSync } from "node:fs";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

const report = JSON.parse(readFileSync(process.argv[2] ?? "test-results.json", "utf8")) as Report;
const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
console.log(report.numPassedTests, report.numFailedTests + broken.length);
