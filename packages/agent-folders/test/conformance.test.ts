/** The claim rule passes the suite for what takes files from other programs: on real files, and on the simulated disk. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cases, conformance, FOREIGN_FEATURES, type Setup } from "@session-archiver/conformance";
import { describe, expect, test } from "vitest";
import { realForeignDisk, simulatedForeignDisk } from "./support/foreign-disks.js";
import { foreignFilesOn } from "./support/foreign-files.js";

const foreign = cases.filter(({ needs }) => needs.includes("foreign-writer"));
const options = { offers: FOREIGN_FEATURES, cases: foreign };

const onRealFiles: Setup = async () => {
  const root = mkdtempSync(join(tmpdir(), "session-archiver-foreign-"));
  return { foreignFiles: foreignFilesOn(realForeignDisk(root)), close: async () => rmSync(root, { recursive: true }) };
};

conformance({ describe, test }, "real files", onRealFiles, options);
conformance(
  { describe, test },
  "a simulated disk",
  async () => ({ foreignFiles: foreignFilesOn(simulatedForeignDisk()) }),
  options,
);

test("the suite has cases for this", () => {
  expect(foreign.length).toBeGreaterThan(30);
});
