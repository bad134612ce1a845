/** Memory stays bounded, however long a line is: nothing is known of where lines begin here. */
import { fileURLToPath } from "node:url";
import { finish, startChild } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";

const CHILD = fileURLToPath(new URL("long-line-child.ts", import.meta.url));
const BYTES = 1e9;
/** Besides what Node and the sources take: 190 MB altogether. */
const MOST_MB = 75;

test.each(["page", "tail", "since", "since before"])("a line of a GB: %s", async (way) => {
  const [printed = ""] = await finish(startChild(CHILD, [way, String(BYTES)]));
  const { size, given, grownMb } = JSON.parse(printed);
  expect(size).toBeGreaterThan(BYTES * 0.99);
  expect(given).toBe(way === "since" ? 37 : size);
  expect(grownMb).toBeLessThan(MOST_MB);
});
