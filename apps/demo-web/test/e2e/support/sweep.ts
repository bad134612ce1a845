/** Runs a sweep, as a person does. */
import type { Locator, Page } from "playwright";

export type Idle = "Idle for at least";
export type Cap = "Archives may take up";

/** Opens the sweep; resolves once its plan is shown. */
export async function openSweep(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Sweep…" }).click();
  const dialog = page.getByRole("dialog", { name: "Sweep" });
  await planned(dialog);
  return dialog;
}

/** Waits until the plan matches the shown settings. */
export async function planned(dialog: Locator): Promise<void> {
  await dialog.locator('section[aria-label="Plan"][aria-busy="false"]').waitFor();
}

/** Presses keys on a slider, and waits for the new plan. */
export async function slide(dialog: Locator, slider: Idle | Cap, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await dialog.getByRole("slider", { name: slider }).press(key);
  await planned(dialog);
}

/** The button that carries out the plan. */
export function startButton(dialog: Locator): Locator {
  return dialog.getByRole("button", { name: /^(Archive|Sweep) [\d,]+ session/ });
}

/** Sweeps as planned, and waits for the report. */
export async function runSweep(dialog: Locator): Promise<void> {
  await startButton(dialog).click();
  await dialog.getByRole("region", { name: "Report" }).waitFor();
}

export async function closeSweep(dialog: Locator): Promise<void> {
  await dialog.getByRole("button", { name: "Done" }).click();
  await dialog.waitFor({ state: "detached" });
}
