/** A store that takes nothing more in is swept, and says what would help where that can't be done. */
import { expect } from "vitest";
import { digestOfFile } from "./support/bytes.ts";
import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { digestOf } from "./support/export.ts";
import { importFiles, importUntilFull } from "./support/import.ts";
import { limitStorage } from "./support/quota.ts";
import { writeNoise, writeSamples } from "./support/sample.ts";
import { rowIn, whichAreLive } from "./support/session.ts";
import { closeSweep, openSweep, runSweep } from "./support/sweep.ts";

const QUOTA = 6_000_000;

test("after a sweep there is room again, and every byte is there", async ({ page, folder }) => {
  const sizes = [0.18, 0.02, 0.1, 0.05, 0.18, 0.01, 0.03, 0.18, 0.1];
  const samples = await writeSamples(
    folder,
    Array.from({ length: 27 }, (_, n) => ({
      title: `Session number ${n + 1}`,
      bytes: QUOTA * (sizes[n % sizes.length] ?? 0),
    })),
  );
  await limitStorage(page, QUOTA);
  await importUntilFull(
    page,
    samples.map(({ path }) => path),
  );
  const kept = await whichAreLive(page, samples);
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.length).toBeLessThan(samples.length);
  const dialog = await openSweep(page);
  await runSweep(dialog);
  expect(await dialog.getByRole("region", { name: "Failures" }).count()).toBe(0);
  await closeSweep(dialog);
  for (const { title } of kept) await eventually(() => rowIn(page, title, "Archived").count()).toBe(1);
  for (const { title, path } of kept) expect(await digestOf(page, title)).toEqual(await digestOfFile(path));
});

test("where no archive fits, the report says how much would help, and not to sweep", async ({ page, folder }) => {
  // Base64 of noise shrinks to three quarters: more than it leaves of the quota.
  const { path, title } = await writeNoise(folder, "Noise", QUOTA * 0.7);
  await limitStorage(page, QUOTA);
  await importFiles(page, [path]);
  const dialog = await openSweep(page);
  await runSweep(dialog);
  const failures = dialog.getByRole("region", { name: "Failures" });
  await failures.getByText(/could not be archived for lack of space\. About [\d.,]+ [kM]B more would do/).waitFor();
  await closeSweep(dialog);
  await rowIn(page, title, "Live").waitFor();
  expect(await digestOf(page, title)).toEqual(await digestOfFile(path));
});
