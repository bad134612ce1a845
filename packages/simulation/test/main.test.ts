/** The command `npm run simulate`: what it prints, and its exit codes. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

function simulate(...args: string[]): { readonly code: number | null; readonly printed: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...FROM_SOURCES, MAIN, ...args], {
    encoding: "utf8",
  });
  return { code: status, printed: stdout + stderr };
}

test("a line for each kind, 0", () => {
  const { code, printed } = simulate("--schedules", "5", "--seed", "3");
  for (const kind of ["session", "imports", "stores", "foreign"]) {
    expect(printed).toMatch(new RegExp(`^5 schedules of ${kind}, \\d+ steps: nothing was lost$`, "m"));
  }
  expect(code).toBe(0);
});

test.each([
  [["nothing"], 'There is no kind "nothing" of schedules.'],
  [["--schedules", "0"], "--schedules must be a whole number of at least 1"],
  [["--seeds", "1"], "--seeds"],
])("%j: what is wrong and the usage, 2", (args, problem) => {
  const { code, printed } = simulate(...args);
  expect(printed).toContain(problem);
  expect(printed).toContain("Usage:");
  expect(code).toBe(2);
});
