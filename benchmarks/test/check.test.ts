import { expect, test } from "vitest";
import { runCheck } from "../src/check/check.js";

/** The first cost once, then the others over and over. */
function scripted(first: number, ...costs: readonly number[]): () => Promise<number> {
  let next = -1;
  return async () => (next++ < 0 ? first : (costs[(next - 1) % costs.length] ?? Number.NaN));
}

const check = { name: "archive", than: "gzip", atLeast: 0.5, by: "clock" } as const;

test("by the clock the best rounds are compared: one quiet moment is enough", async () => {
  const outcome = await runCheck({ ...check, ours: scripted(1, 90, 10, 50), peer: scripted(1, 70, 60, 6) }, 0);
  expect(outcome).toMatchObject({ ratio: 0.6, passed: true });
});

test("by processor time all rounds are compared but the first: one cheap moment of the peer is no measure", async () => {
  const [ours, peer] = [scripted(1000, 90, 110), scripted(1, 10, 110)];
  expect(await runCheck({ ...check, by: "processor", ours, peer }, 0)).toMatchObject({ ratio: 0.6, passed: true });
});

test("a count is taken once", async () => {
  const outcome = await runCheck({ ...check, by: "count", ours: scripted(10, 1), peer: scripted(9, 1) }, 0);
  expect(outcome).toMatchObject({ ratio: 0.9, passed: true });
});

test("a ratio that is too low fails and names the check, the ratio and the lowest accepted ratio", async () => {
  const outcome = await runCheck({ ...check, ours: scripted(1, 10), peer: scripted(1, 4.9) }, 0);
  expect(outcome.passed).toBe(false);
  expect(outcome.message).toBe("TOO LOW: archive: 0.49 x gzip, at least 0.5 x is required");
});
