/** How far V8's space for new objects grows. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";

const MODULE = JSON.stringify(new URL("../src/keep-young-small.ts", import.meta.url).href);

/** The space in MiB at its largest, while a tenth of what is made stays alive for some turns. */
const CHURN = `
const { getHeapSpaceStatistics } = process.getBuiltinModule("node:v8");
const kept = [];
let most = 0;
for (let turn = 0; turn < 600; turn++) {
  for (let i = 0; i < 20_000; i++) {
    const made = { i, text: [i, i + 1, i + 2] };
    if (i % 10 === 0) kept[(turn % 20) * 2_000 + i / 10] = made;
  }
  await new Promise((resolve) => setTimeout(resolve));
  most = Math.max(most, getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space").space_size);
}
console.log(most / 2 ** 20);`;

async function mostYoung(before: string): Promise<number> {
  const program = `const memory = await import(${MODULE}); ${before} ${CHURN}`;
  const args = [...FROM_SOURCES, "--input-type=module", "--eval", program];
  return Number((await promisify(execFile)(process.execPath, args)).stdout);
}

test("it stops between a size and twice that, or where it is, and is larger without", async () => {
  const without = await mostYoung("");
  for (const enough of [8, 16]) {
    const stopped = await mostYoung(`memory.stopYoungGrowth(${enough});`);
    expect(stopped).toBeGreaterThanOrEqual(enough);
    expect(stopped).toBeLessThanOrEqual(2 * enough);
    expect(without).toBeGreaterThan(stopped);
  }
  expect(await mostYoung("memory.keepYoungSmall();")).toBeLessThan(16);
});
