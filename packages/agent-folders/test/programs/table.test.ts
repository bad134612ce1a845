/** The README's tables of what the programs do: each row names a test that is there. */
import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), "utf8");

test("every row of the tables names one test of the program", async () => {
  const tests = (await readdir(new URL(".", import.meta.url))).filter((name) => name.endsWith("-writes.test.ts"));
  const sources = await Promise.all(tests.map((name) => read(name)));
  const titles = sources.flatMap((source) =>
    [...source.matchAll(/^ {2}test\("(.+)", async/gm)].map(([, title]) => title),
  );
  const rows = [...(await read("../../README.md")).matchAll(/^\|.*\| `([^`]+)` \|$/gm)].map(
    ([, fragment]) => fragment ?? "",
  );
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) expect([row, titles.filter((title) => title?.includes(row)).length]).toEqual([row, 1]);
  // And no test of these facts is missing from the tables.
  for (const title of titles) expect([title, rows.some((row) => title?.includes(row))]).toEqual([title, true]);
});
