/** The program on a small disk that becomes full: it says so, loses nothing, and goes on once there is room. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canMount, NO_MOUNT, onSmallDisk } from "@session-archiver/test-kit/faults";
import { expect, onTestFinished, test } from "vitest";
import { transcript } from "../support/sessions.js";

const SCRIPT = fileURLToPath(new URL("../support/full-disk.ts", import.meta.url));
if (!canMount) console.warn(NO_MOUNT);

interface Said {
  readonly words: readonly string[];
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

test.skipIf(!canMount).each([
  ["SQLite and files", () => ""],
  ["files", (mounted: string) => `fs:${join(mounted, "sessions")}`],
] as const)("a full disk is QUOTA, with what to do about it: %s", async (_, store) => {
  const folder = await mkdtemp(join(tmpdir(), "session-archiver-full-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const source = join(folder, "source.jsonl");
  await writeFile(source, transcript(3000));
  const lines = await onSmallDisk("12m", SCRIPT, (mounted) => [mounted, store(mounted), source]);
  const said = lines.map((line) => JSON.parse(line) as Said);
  // Sessions that could not be archived on the full disk can't be restored.
  const failed = said.filter(({ exitCode, stderr }) => exitCode !== 0 && !stderr.includes("is not archived"));
  expect(failed.map(({ words }) => words[0])).toEqual(expect.arrayContaining(["import", "sweep"]));
  for (const { exitCode, stdout, stderr } of failed) {
    expect(exitCode).toBe(1);
    expect(`${stdout}${stderr}`).toContain("[QUOTA]");
    expect(`${stdout}${stderr}`).toMatch(/no space left on device|Free space, then try again/);
  }
});
