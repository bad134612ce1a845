import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { importFiles } from "./support/import.ts";
import { writeSamples } from "./support/sample.ts";
import { openSession, rowOf } from "./support/session.ts";

test("the open session's row comes into view when the search that found it is cleared", async ({ page, folder }) => {
  const samples = await writeSamples(
    folder,
    Array.from({ length: 20 }, (_, index) => ({ title: `Number ${index + 1}`, daysAgo: index + 1, bytes: 2000 })),
  );
  await importFiles(
    page,
    samples.map(({ path }) => path),
  );
  await openSession(page, "Number 18"); // and clears the search
  const row = rowOf(page, "Number 18");
  await row.waitFor();
  await eventually(() =>
    row.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      const list = element.closest(".session-list")?.getBoundingClientRect();
      return list !== undefined && top >= list.top && bottom <= list.bottom;
    }),
  ).toBe(true);
});
