/**
 * `npm run bench:check`: compares only ratios, on a small session, in half a minute; exits with 1 if one is too low.
 * `--slowed` makes everything slow on purpose; it then exits with 1 if any check passes.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { archivingChecks } from "./check/archiving.js";
import { runCheck } from "./check/check.js";
import { openFixture } from "./check/fixture.js";
import { readingChecks } from "./check/reading.js";
import { sqliteChecks } from "./check/sqlite.js";
import { SHIPPED, SLOWED } from "./check/subject.js";

const SESSION_BYTES = 24e6;

const { values } = parseArgs({ options: { slowed: { type: "boolean", default: false } } });
const subject = values.slowed ? SLOWED : SHIPPED;
const folder = await mkdtemp(join(process.env["BENCH_DIR"] ?? tmpdir(), "session-archiver-bench-"));
try {
  await using fixture = await openFixture(folder, SESSION_BYTES);
  let wrong = 0;
  const groups = [archivingChecks, readingChecks, sqliteChecks];
  for (const group of groups) {
    for (const check of await group(fixture, subject)) {
      const { passed, message } = await runCheck(check);
      console.log(message);
      if (passed === values.slowed) wrong++;
    }
  }
  if (wrong > 0) {
    const problem = values.slowed
      ? "passed, although everything was made slow"
      : "failed: something has become much slower";
    console.error(`${wrong} ${wrong === 1 ? "check" : "checks"} ${problem}.`);
    process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
