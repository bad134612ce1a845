/** Small bytes that become many: memory stays bounded, as the operating system counts it. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";
import { FUZZ } from "../../fuzz.js";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Bombs, and by how many MB at most a process grows that opens one. A segment of 1 GiB would show. */
const BOMBS: readonly (readonly [bomb: string, codecs: readonly string[], mostMb: number])[] = [
  ["lying manifest", ["fflate", "native"], 150],
  ["no manifest", ["fflate", "native"], 150],
  ["deep manifest", ["fflate"], 350],
  ["deep, closed manifest", ["fflate"], 350],
  ["long manifest", ["fflate"], 350],
  ["manifest of many rows", ["fflate"], 700],
];
/** These take their time: see "Time" in SECURITY.md. */
const SLOW_BOMBS: typeof BOMBS = [
  ["false ends", ["fflate", "native"], 350],
  ["tiny segments", ["fflate"], 350],
];

const runs = [...BOMBS, ...(FUZZ > 1 ? SLOW_BOMBS : [])].flatMap(([bomb, codecs, mostMb]) =>
  codecs.map((codec) => [bomb, codec, mostMb] as const),
);

test.each(runs)("%s (%s) takes at most %i MB, and is CORRUPT", { timeout: 600_000 }, async (bomb, codec, mostMb) => {
  const args = [...FROM_SOURCES, path("bomb-child.ts"), bomb, codec];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { outcomes, grownMb } = JSON.parse(stdout);
  expect(outcomes).toEqual(["CORRUPT after 0", "CORRUPT after 0", "CORRUPT after 0"]);
  expect(grownMb).toBeLessThan(mostMb);
});
