/** A program that has started rounds ends when it has nothing else to do. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import { test } from "vitest";

test("rounds keep no process alive", async () => {
  const core = new URL("../../src/index.ts", import.meta.url).href;
  const program = `import { createArchiver, memoryPorts } from ${JSON.stringify(core)};
    createArchiver(memoryPorts()).start({ everyMs: 3_600_000 });`;
  const args = [...FROM_SOURCES, "--input-type=module", "-e", program];
  await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
});
