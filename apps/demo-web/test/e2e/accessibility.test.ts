import { expect } from "vitest";
import { seriousViolations } from "./support/axe.ts";
import { test } from "./support/e2e.ts";
import { visitScreens } from "./support/screens.ts";

test("axe finds flaws", async ({ page }) => {
  expect(await seriousViolations(page)).toEqual([]);
  await page.evaluate(() => document.body.append(document.createElement("button")));
  expect((await seriousViolations(page)).join()).toMatch(/^button-name/);
});

test.for(["light", "dark"] as const)(
  "no screen has a serious flaw, in %s colours",
  async (colorScheme, { page, folder }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const flaws: Record<string, readonly string[]> = {};
    const screens: string[] = [];
    await visitScreens(page, folder, async (name) => {
      screens.push(name);
      const found = await seriousViolations(page);
      if (found.length > 0) flaws[name] = found;
    });
    expect(flaws).toEqual({});
    expect(screens.length).toBeGreaterThan(10);
  },
);
