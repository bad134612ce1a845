/** Memory stays bounded, however long a session or a line is. */
import { fileURLToPath } from "node:url";
import { finish, startChild } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";
import { AT_LENGTH } from "../fuzz.js";

const CHILD = fileURLToPath(new URL("memory-child.ts", import.meta.url));
/** Of the whole process, from sources. */
const MOST_MB = 190;

test.each([
  ["session", AT_LENGTH ? 10e9 : 1e9, 0],
  ["line", AT_LENGTH ? 1e9 : 100e6, 1],
])("a %s of %d bytes", async (kind, bytes, longLines) => {
  const [printed = ""] = await finish(startChild(CHILD, [kind, String(bytes)]));
  const { found, coverage, total, peakMb } = JSON.parse(printed);
  expect(total).toBeGreaterThan(bytes * 0.98);
  expect(found.length).toBe(1);
  expect(coverage).toMatchObject({ bytes: total, longLines, isComplete: true, unreadable: [] });
  expect(peakMb).toBeLessThan(MOST_MB);
});
