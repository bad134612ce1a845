import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

/** This package has no dependencies, but must read times exactly as the library does. */
test("the code that reads times is an exact copy of the library's", async () => {
  const sources = ["../src/time.ts", "../../core/src/time.ts"].map((path) =>
    readFile(new URL(path, import.meta.url), "utf8"),
  );
  const [here, there] = await Promise.all(sources);
  expect(here).toBe(there);
});
