import type { Page } from "playwright";
import { expect } from "vitest";
import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { importFiles } from "./support/import.ts";
import { writeSamples } from "./support/sample.ts";
import { rowIn, untilState } from "./support/session.ts";
import { planned } from "./support/sweep.ts";

/** Presses Tab until the control with this name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < 40; i++) {
    if (name.test(await focused(page))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${name} can't be reached by Tab.`);
}

/** Roughly the name that a screen reader would announce. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
  });
}

test("sessions are found, opened and archived by keyboard alone", async ({ page, folder }) => {
  const samples = await writeSamples(
    folder,
    ["Mend the parser", "Name the branches", "Name the releases"].map((title, index) => ({
      title,
      daysAgo: index + 1,
    })),
  );
  await importFiles(
    page,
    samples.map(({ path }) => path),
  );
  await page.keyboard.press("/");
  expect(await focused(page)).toBe("Search sessions by title, project, agent or model");
  await page.keyboard.type("name");
  await eventually(() => page.getByRole("listbox").getByRole("option").count()).toBe(2);
  await tabTo(page, /^Name the branches/);
  await page.keyboard.press("ArrowDown");
  await eventually(() => focused(page)).toMatch(/^Name the releases/);
  await page.keyboard.press("Enter");
  await page.getByRole("article", { name: "Name the releases", exact: true }).waitFor();
  expect(await page.getByRole("listbox").getByRole("option", { selected: true }).textContent()).toMatch(
    /^Name the releases/,
  );
  await tabTo(page, /^Archive$/);
  await page.keyboard.press("Enter");
  await untilState(page, "Archived");

  await tabTo(page, /^More actions$/);
  await page.keyboard.press("Enter");
  await eventually(() => focused(page)).toBe("Verify every byte");
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  await page.keyboard.press("Escape");
  expect(await focused(page)).toBe("More actions");
  await tabTo(page, /^Transcript of Name the releases$/);
  await page.keyboard.press("Home");
  await page.getByRole("article", { name: /^Line 1,/ }).waitFor();
});

test("a sweep is set, run and closed by keyboard alone; Escape returns the focus", async ({ page, folder }) => {
  const samples = await writeSamples(folder, [
    { title: "Of long ago", daysAgo: 50 },
    { title: "Of late", daysAgo: 10 },
  ]);
  await importFiles(
    page,
    samples.map(({ path }) => path),
  );
  const dialog = page.getByRole("dialog", { name: "Sweep" });
  await tabTo(page, /^Sweep…$/);
  await page.keyboard.press("Enter");
  await planned(dialog);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await focused(page)).toBe("Sweep…");

  await page.keyboard.press("Enter");
  await planned(dialog);
  await dialog.getByRole("slider", { name: "Idle for at least" }).waitFor();
  for (let i = 0; (await page.evaluate(() => document.activeElement?.getAttribute("type"))) !== "range"; i++) {
    if (i > 10) throw new Error("The sliders can't be reached by Tab.");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("End"); // 90 days
  await dialog.getByText("Nothing to sweep").waitFor();
  for (let i = 0; i < 50; i++) await page.keyboard.press("ArrowLeft");
  await dialog.getByText("40 days", { exact: true }).waitFor();
  await planned(dialog);
  await tabTo(page, /^Archive 1 session$/);
  await page.keyboard.press("Enter");
  await dialog.getByRole("region", { name: "Report" }).waitFor();
  // The focused control is gone, but Tab goes on inside the dialog.
  await tabTo(page, /^Done$/);
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  expect(await focused(page)).toBe("Sweep…");
  await rowIn(page, "Of long ago", "Archived").waitFor();
  await rowIn(page, "Of late", "Live").waitFor();
});
