import { longTasksDuring } from "@session-archiver/test-kit/machine";
import { expect } from "vitest";
import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { watchForProblems } from "./support/problems.ts";

/** The tests' own eyes: none of the others is worth anything if these miss something. */

test("problems of a page and of its workers are seen", async ({ browser }) => {
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

test("a task that holds up the page is seen", async ({ page }) => {
  // So much work, not so much time: how long it takes on a busy machine says nothing of its processor time.
  const work = (): Promise<number> =>
    new Promise((resolve) => {
      setTimeout(() => {
        let sum = 0;
        for (let i = 0; i < 300_000_000; i++) sum += i % 7;
        resolve(sum);
      });
    });
  const [task = 0] = await longTasksDuring(page, () => page.evaluate(work));
  expect(task).toBeGreaterThan(50);
  expect(await longTasksDuring(page, () => page.evaluate(() => {}))).toEqual([]);
});
