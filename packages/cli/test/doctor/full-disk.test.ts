/** A damaged home on a full disk: doctor says so, a repair that can't be done changes nothing, and a later one does all. */
import { fileURLToPath } from "node:url";
import { canMount, NO_MOUNT, onSmallDisk } from "@session-archiver/test-kit/faults";
import { expect, test } from "vitest";
import type { DoctorDocument } from "../../src/commands/doctor.js";

const SCRIPT = fileURLToPath(new URL("../support/doctor-full-disk.ts", import.meta.url));
if (!canMount) console.warn(NO_MOUNT);

interface Said {
  readonly words: readonly string[];
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

test.skipIf(!canMount)("full disk", { timeout: 120_000 }, async () => {
  const lines = await onSmallDisk("8m", SCRIPT, (mounted) => [mounted]);
  const runs = lines.map((line) => JSON.parse(line) as Said).filter(({ words }) => words[0] === "doctor");
  const [first, repair] = runs;
  const kinds = (run: Said | undefined): readonly string[] =>
    (JSON.parse(run?.stdout ?? "") as DoctorDocument).findings.map(({ kind, severity }) => `${severity} ${kind}`);
  expect(kinds(first)).toContain("damage free-space");
  expect([first?.exitCode, repair?.exitCode]).toEqual([1, 1]);
  expect(kinds(runs.at(-1)).filter((kind) => !kind.startsWith("note"))).toEqual(["warning free-space"]);
});
