import { pageTimeDuring } from "@session-archiver/test-kit/chromium";
import { expect } from "vitest";
import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { watchForProblems } from "./support/problems.ts";

/** Tests of the harness: if it misses problems, the other tests prove nothing. */

test("the harness reports problems of a page and of its workers", async ({ browser }) => {
  const context = await browser.newContext();
  const problems = watchForProblems(context);
  const page = await context.newPage();
  await page.setContent("<p>a page</p>");
  await page.evaluate(() => {
    console.warn("warned");
    console.error("complained");
    setTimeout(() => {
      throw new Error("thrown");
    });
    void Promise.reject(new Error("rejected"));
    const code = `console.error("complained in a worker"); Promise.reject(new Error("rejected in a worker"));
      setTimeout(() => { throw new Error("thrown in a worker"); })`;
    new Worker(URL.createObjectURL(new Blob([code])));
  });
  const seen = eventually(() => problems.list.join("\n"));
  for (const words of ["warned", "complained", "Error: thrown", "Error: rejected"]) await seen.toContain(words);
  for (const words of ["complained", "Error: rejected", "Error: thrown"]) await seen.toContain(`${words} in a worker`);
  expect(problems.check).toThrow("complained in a worker");
  await context.close();
});

test("the harness reports a task that blocks the page", async ({ page }) => {
  // A fixed amount of work rather than of time: on a busy machine, elapsed time says nothing about processor time.
  const work = (): Promise<number> =>
    new Promise((resolve) => {
      setTimeout(() => {
        let sum = 0;
        for (let i = 0; i < 300_000_000; i++) sum += i % 7;
        resolve(sum);
      });
    });
  const { longTasks, blocking, total } = await pageTimeDuring(page, () => page.evaluate(work));
  const [task = 0] = longTasks;
  expect(task).toBeGreaterThan(50);
  expect(blocking).toBeGreaterThanOrEqual(task - 50);
  expect(total).toBeGreaterThan(task);
  expect((await pageTimeDuring(page, () => page.evaluate(() => {}))).longTasks).toEqual([]);
});
