import type { Page } from "playwright";
import { describe, expect } from "vitest";
import { test } from "./support/view-page.ts";

const say = (role: string, content: unknown): string =>
  JSON.stringify({ type: role, timestamp: "2026-04-30T09:29:29.057Z", message: { role, content } });
const call = { type: "tool_use", id: "t1", name: "Bash", input: { command: "npm test" } };
const result = {
  type: "tool_result",
  tool_use_id: "t1",
  content: Array.from({ length: 60 }, (_, i) => `ok ${i}`).join("\n"),
};
/** Rows of many heights, so that estimates are wrong. */
const TEXTS = [
  say("user", "Please **fix** it."),
  JSON.stringify({ type: "mode", mode: "normal" }),
  say("assistant", [{ type: "text", text: "A long answer. ".repeat(60) }]),
  say("assistant", [call]),
  say("user", [result]),
  JSON.stringify({ type: "file-history-snapshot", snapshot: { trackedFileBackups: {} } }),
  say("assistant", [{ type: "text", text: "Done." }]),
];
const LONG = { texts: TEXTS, lineCount: 100_000 };

const position = (page: Page) => page.locator(".position-text .tabular").first();
const at = (page: Page, line: number) => page.locator(`article[aria-posinset="${line}"]`);
const goTo = async (page: Page, line: string): Promise<void> => {
  await page.getByLabel("Go to line").fill(line);
  await page.getByLabel("Go to line").press("Enter");
};
const waitForPosition = (page: Page, text: string) => position(page).filter({ hasText: text }).waitFor();
const scrollBy = (page: Page, pixels: number) =>
  page.locator(".feed").evaluate((feed, by) => feed.scrollBy(0, by), pixels);
/** The number of pixels below the view. */
const below = (page: Page) =>
  page.locator(".feed").evaluate((feed) => Math.round(feed.scrollHeight - feed.clientHeight - feed.scrollTop));
/** Waits until nothing has moved for a few frames and every line in view is loaded. */
const rest = (page: Page) =>
  page.waitForFunction(async () => {
    const feed = document.querySelector(".feed");
    const state = () => `${feed?.scrollTop} ${feed?.scrollHeight} ${feed?.querySelectorAll("article").length}`;
    const before = state();
    for (let frame = 0; frame < 6; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    return state() === before && feed?.getAttribute("aria-busy") === "false";
  });
/** Lines that overlap the one before. */
const overlapping = (page: Page) =>
  page.locator("[data-index]").evaluateAll((rows) => {
    const boxes = rows.map((row) => row.getBoundingClientRect()).toSorted((a, b) => a.top - b.top);
    return boxes.filter((box, i) => box.top < (boxes[i - 1]?.bottom ?? box.top) - 1).length;
  });
/** The first line in view and its position. */
const topLine = (page: Page) =>
  page.evaluate(() => {
    const top = document.querySelector(".feed")?.getBoundingClientRect().top ?? 0;
    const rows = [...document.querySelectorAll("[data-index]")].filter(
      (row) => row.getBoundingClientRect().bottom > top + 1,
    );
    const first = rows.toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[0];
    return [first?.getAttribute("data-index"), Math.round((first?.getBoundingClientRect().top ?? 0) - top)].join(
      " at ",
    );
  });

describe("a session of 100,000 lines", () => {
  test("opens at its end, having read little of it", async ({ open }) => {
    const { page } = await open(LONG);
    await at(page, 100_000).waitFor();
    await rest(page);
    await waitForPosition(page, "Line 100,000 of 100,000");
    expect(await below(page)).toBe(0);
    expect(await page.evaluate(() => window.harness.linesRead)).toBeLessThan(400);
    expect(await page.locator("article").count()).toBeLessThan(60);
    expect(await at(page, 100_000).getAttribute("aria-setsize")).toBe("100000");
  });

  test("goes to any line, to the start and to the end", async ({ open }) => {
    const { page } = await open(LONG);
    await at(page, 100_000).waitFor();
    await goTo(page, "41,203");
    await waitForPosition(page, "Line 41,203 of 100,000");
    await rest(page);
    expect(await topLine(page)).toBe("41202 at 0");
    await page.getByRole("button", { name: "Go to the start" }).click();
    await at(page, 1).waitFor();
    await rest(page);
    expect(await topLine(page)).toBe("0 at 0");
    await page.locator(".feed").press("End");
    await at(page, 100_000).waitFor();
    await rest(page);
    expect(await below(page)).toBe(0);
    await page.locator(".feed").press("Home");
    await at(page, 1).waitFor();
    await goTo(page, "100,001");
    await page.getByText("1 to 100,000").waitFor();
    expect(await topLine(page)).toBe("0 at 0");
  });

  test("scrolled up step by step, no line jumps", async ({ open }) => {
    const { page } = await open(LONG);
    await at(page, 100_000).waitFor();
    await rest(page);
    const jumps = await page.locator(".feed").evaluate(async (feed) => {
      const found: string[] = [];
      for (let step = 0; step < 60; step++) {
        const row = [...feed.querySelectorAll("[data-index]")].find((one) => one.getBoundingClientRect().top > 150);
        const before = row?.getBoundingClientRect().top ?? 0;
        feed.scrollBy(0, -100);
        for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
        const moved = (row?.getBoundingClientRect().top ?? 0) - before;
        if (Math.abs(moved - 100) > 1.5) found.push(`${row?.getAttribute("data-index")} moved ${moved}`);
      }
      return found;
    });
    expect(jumps).toEqual([]);
  });
});

describe("while an agent writes", () => {
  test("a reader at the end is kept there", async ({ open }) => {
    const { page } = await open({ ...LONG, lineCount: 500 });
    await at(page, 500).waitFor();
    await rest(page);
    for (let total = 503; total <= 512; total += 3) {
      await page.evaluate(() => window.harness.append(3));
      await at(page, total).waitFor();
    }
    await rest(page);
    expect(await below(page)).toBe(0);
    expect(await page.getByRole("button", { name: /new line/ }).count()).toBe(0);
  });

  test("a reader at the end is kept there though a line there grows at the same moment", async ({ open }) => {
    const { page } = await open({ ...LONG, lineCount: 500 }, 360);
    await at(page, 500).waitFor();
    await rest(page);
    // As if it had just been drawn or a font had loaded: it is measured before the next frame, which is too late.
    await at(page, 500).evaluate((line) => {
      line.style.minHeight = `${line.clientHeight + 600}px`;
      window.harness.append(1);
    });
    await at(page, 501).waitFor();
    await rest(page);
    expect(await below(page)).toBe(0);
    await waitForPosition(page, "501 of 501");
  });

  test("a reader elsewhere stays there and sees a note of new lines", async ({ open }) => {
    const { page } = await open({ ...LONG, lineCount: 500 });
    await at(page, 500).waitFor();
    await rest(page);
    await scrollBy(page, -2000);
    await rest(page);
    const before = await topLine(page);
    await page.evaluate(() => window.harness.append(7));
    const button = page.getByRole("button", { name: "7 new lines" });
    await button.waitFor();
    await rest(page);
    expect(await topLine(page)).toBe(before);
    await button.click();
    await at(page, 507).waitFor();
    await rest(page);
    expect(await below(page)).toBe(0);
    expect(await button.count()).toBe(0);
  });

  test("an empty session fills", async ({ open }) => {
    const { page } = await open({ texts: TEXTS, lineCount: 0 });
    await page.getByText("Nothing written yet").waitFor();
    await page.evaluate(() => window.harness.append(2));
    await at(page, 2).waitFor();
  });
});

describe("when the session's state changes", () => {
  test("nothing moves", async ({ open }) => {
    const { page } = await open(LONG);
    await at(page, 100_000).waitFor();
    await goTo(page, "5000");
    await waitForPosition(page, "Line 5,000");
    await rest(page);
    const before = await topLine(page);
    await page.evaluate(() => window.harness.emit({ type: "changed", ids: ["s"] }));
    await rest(page);
    expect(await topLine(page)).toBe(before);
  });

  test("pruned, it says so; brought back, it is shown again", async ({ open }) => {
    const { page } = await open(LONG);
    await at(page, 100_000).waitFor();
    const change = (failing: string | null) =>
      page.evaluate((code) => {
        window.harness.failing = code;
        window.harness.emit({ type: "changed" });
      }, failing);
    await change("PRUNED");
    await page.getByText("This session was pruned").waitFor();
    await change(null);
    await at(page, 100_000).waitFor();
  });
});

test("a page that can't be read shows an error in words, and can be retried", async ({ open }) => {
  const { page } = await open(LONG);
  await at(page, 100_000).waitFor();
  await page.evaluate(() => {
    window.harness.failing = "CORRUPT";
  });
  await goTo(page, "1000");
  await page.getByText("can't be read. The stored bytes don't match their checksum.").waitFor();
  await page.evaluate(() => {
    window.harness.failing = null;
  });
  await page.getByRole("button", { name: "Try again" }).click();
  await at(page, 1000).waitFor();
  expect(await page.getByText("can't be read").count()).toBe(0);
});

test("folding the events keeps the reader at their line, and shows less", async ({ open }) => {
  const { page } = await open(LONG);
  await at(page, 100_000).waitFor();
  await goTo(page, "5,000");
  await waitForPosition(page, "Line 5,000");
  await rest(page);
  const inView = () =>
    page
      .locator(".row-event")
      .first()
      .evaluate((row) => row.getBoundingClientRect().height);
  expect(await inView()).toBeGreaterThan(20);
  await page.getByRole("button", { name: "Fold events" }).click();
  await rest(page);
  expect(await topLine(page)).toBe("4999 at 0");
  expect(await inView()).toBe(4);
  expect(await overlapping(page)).toBe(0);
});

test("folding the events keeps a reader at the end there, and so does unfolding them", async ({ open }) => {
  const { page } = await open(LONG, 360);
  await at(page, 100_000).waitFor();
  await rest(page);
  for (let times = 0; times < 2; times++) {
    await page.getByRole("button", { name: "Fold events" }).click();
    await rest(page);
    expect(await below(page)).toBe(0);
    await waitForPosition(page, "100,000 of 100,000");
  }
});

test("where there are no events, folding them changes nothing", async ({ open }) => {
  const texts = TEXTS.filter((text) => text.includes('"message"'));
  const { page } = await open({ texts, lineCount: 1000 });
  await at(page, 1000).waitFor();
  await goTo(page, "500");
  await waitForPosition(page, "Line 500");
  await rest(page);
  await page.getByRole("button", { name: "Fold events" }).click();
  await rest(page);
  expect(await topLine(page)).toBe("499 at 0");
  expect(await overlapping(page)).toBe(0);
});

describe("when its height changes", () => {
  test("a reader at the end is kept there", async ({ open }) => {
    const { page } = await open(LONG);
    await at(page, 100_000).waitFor();
    await rest(page);
    for (const height of [400, 600]) {
      await page.setViewportSize({ width: 900, height });
      await rest(page);
      expect(await below(page)).toBe(0);
    }
  });

  test("a reader elsewhere keeps their line", async ({ open }) => {
    const { page } = await open(LONG);
    await at(page, 100_000).waitFor();
    await rest(page);
    await scrollBy(page, -300);
    await rest(page);
    const before = await topLine(page);
    for (const height of [400, 600]) {
      await page.setViewportSize({ width: 900, height });
      await rest(page);
      expect(await topLine(page)).toBe(before);
    }
  });
});

describe("when its width changes", () => {
  test("a reader at the end is kept there", async ({ open }) => {
    const { page } = await open(LONG);
    await at(page, 100_000).waitFor();
    await rest(page);
    for (const width of [360, 1200]) {
      await page.setViewportSize({ width, height: 700 });
      await rest(page);
      expect(await below(page)).toBe(0);
      expect(await at(page, 100_000).isVisible()).toBe(true);
    }
  });

  test("a reader elsewhere keeps their line", async ({ open }) => {
    const { page } = await open(LONG);
    await at(page, 100_000).waitFor();
    await goTo(page, "5,000");
    await waitForPosition(page, "Line 5,000");
    await rest(page);
    for (const width of [360, 1200]) {
      await page.setViewportSize({ width, height: 700 });
      await rest(page);
      expect(await topLine(page)).toBe("4999 at 0");
      expect(await overlapping(page)).toBe(0);
    }
  });
});

test("an opened block stays open when it is scrolled away and back", async ({ open }) => {
  const { page } = await open({ ...LONG, lineCount: 700 });
  await at(page, 700).waitFor();
  await goTo(page, "5");
  await at(page, 5)
    .getByRole("button", { name: /Show all/ })
    .click();
  await at(page, 5).getByText("ok 59").waitFor();
  await page.locator(".feed").press("End");
  await at(page, 700).waitFor();
  await rest(page);
  expect(await at(page, 5).count()).toBe(0);
  await goTo(page, "5");
  await at(page, 5).getByText("ok 59").waitFor();
});

test("a row that has the focus keeps it, however far the list is scrolled", async ({ open }) => {
  const { page } = await open(LONG);
  await at(page, 100_000).waitFor();
  await rest(page);
  await at(page, 99_999).getByRole("button", { name: "as stored" }).focus();
  await scrollBy(page, -20_000);
  await rest(page);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
    "Show line 99,999 as stored",
  );
});

test("a line that was cut is shown in part, then whole", async ({ open }) => {
  const { page } = await open({ texts: [say("user", `start ${"x".repeat(3000)} end`)], lineCount: 1, maxChars: 1000 });
  await at(page, 1).getByText("start").waitFor();
  await at(page, 1).getByText(/ end$/).waitFor();
  expect(await page.getByText("only its beginning is shown").count()).toBe(0);
});

test("nothing in a transcript runs or uses the network", async ({ open }) => {
  const evil = [
    "<script>document.title='run'</script><img src=https://evil.test/a onerror=\"document.title='run'\">",
    "![x](https://evil.test/b.png) [y](javascript:document.title='run')",
    "<style>@import url(https://evil.test/c)</style><link rel=stylesheet href=https://evil.test/d>",
  ];
  const image = (source: object) => ({ type: "image", source });
  const { page, foreign } = await open({
    texts: [
      ...evil.map((text) => say("assistant", [{ type: "text", text }])),
      say("user", [image({ type: "url", url: "https://evil.test/e.png" })]),
      say("user", [
        image({ type: "base64", media_type: "image/svg+xml", data: btoa("<svg onload=\"document.title='run'\"/>") }),
      ]),
      say("user", [image({ type: "base64", media_type: "image/png", data: btoa("<html>not an image</html>") })]),
      say("user", [{ type: "tool_result", tool_use_id: "t", content: evil.join("\n") }]),
    ],
    lineCount: 7,
  });
  await at(page, 7).waitFor();
  await rest(page);
  expect(await page.locator("article").count()).toBe(7);
  expect(await page.locator("article :is(script, style, link, iframe, img, object, embed)").count()).toBe(0);
  expect(
    await page.locator("article a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
  ).toEqual(["https://evil.test/b.png"]);
  expect(await page.title()).toBe("View");
  expect(foreign).toEqual([]);
});

test("an image of the session is shown", async ({ open }) => {
  const data = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const { page } = await open({
    texts: [say("user", [{ type: "image", source: { type: "base64", media_type: "image/png", data } }])],
    lineCount: 1,
  });
  const image = page.getByRole("img", { name: "From the session" });
  await image.waitFor();
  await page.waitForFunction(() => (document.querySelector("article img") as HTMLImageElement).naturalWidth === 1);
});

test("at 360 pixels nothing is wider than the page", async ({ open }) => {
  const wide = [
    "x".repeat(2000),
    `| a | b |\n|---|---|\n| ${"word ".repeat(60)} | c |`,
    `~~~\n${"y".repeat(500)}\n~~~`,
  ];
  const texts = [...TEXTS, ...wide.map((text) => say("assistant", [{ type: "text", text }]))];
  const { page } = await open({ texts, lineCount: texts.length }, 360);
  await at(page, texts.length).waitFor();
  await rest(page);
  const widest = await page.evaluate(() =>
    Math.max(document.documentElement.scrollWidth, document.querySelector(".feed")?.scrollWidth ?? 0),
  );
  expect(widest).toBeLessThanOrEqual(360);
});
