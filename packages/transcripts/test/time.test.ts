import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

/** This package depends on nothing; what a time is must be the same here and in the library. */
test("times are read by the library's own code, to the letter", async () => {
  const sources = ["../src/time.ts", "../../core/src/time.ts"].map((path) =>
    readFile(new URL(path, import.meta.url), "utf8"),
  );
  const [here, there] = await Promise.all(sources);
  expect(here).toBe(there);
});
