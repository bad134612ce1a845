import { expect, test } from "vitest";
import { runCheck } from "../src/check/check.js";

function scripted(...costs: number[]): () => Promise<number> {
  let next = 0;
  return async () => costs[next++ % costs.length] ?? Number.NaN;
}

const check = { name: "archive", than: "gzip", atLeast: 0.5 };

test("a check compares the best of the rounds: one quiet moment is enough", async () => {
  const outcome = await runCheck({ ...check, ours: scripted(90, 10, 50), peer: scripted(70, 60, 6) }, 0.01);
  expect(outcome.ratio).toBe(0.6);
  expect(outcome.passed).toBe(true);
});

test("a ratio that is too low fails and names the check, the ratio and the lowest accepted ratio", async () => {
  const outcome = await runCheck({ ...check, ours: scripted(10), peer: scripted(4.9) }, 0.01);
  expect(outcome.passed).toBe(false);
  expect(outcome.message).toBe("TOO LOW: archive: 0.49 x gzip, at least 0.5 x is required");
});
