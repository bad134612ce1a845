/** Several tabs on one database at the same time. */
import { describe, expect, test } from "vitest";
import { useProfile } from "../support/chromium.js";
import type { Tab } from "../support/tab.js";

const chromium = useProfile();

async function tabsOn(database: string, count: number): Promise<readonly Tab[]> {
  const tabs = await Promise.all(Array.from({ length: count }, () => chromium.openTab()));
  await Promise.all(tabs.map((tab) => tab.call("open", database)));
  return tabs;
}

test("two move sessions to and fro while a third writes to them", { timeout: 600_000 }, async () => {
  const [a, b, writer] = (await tabsOn("race", 3)) as [Tab, Tab, Tab];
  const still = `${"x".repeat(70_000)}\nno line end`;
  await a.call("addText", "still", still);
  const written = ["grows", "fresh", "third"];
  for (const id of written) await a.call("addText", id, `${id} at first\n`);

  const writing = writer.call("appendUntilStopped", written);
  const ids = [...written, "still"];
  const outcomes = await Promise.all([a.call("change", ids, 15, 1), b.call("change", ids, 15, 2)]);
  await writer.call("stopAppending");
  const count = await writing;
  expect(count).toBeGreaterThan(10);
  for (const outcome of outcomes) {
    expect(outcome.done).toBeGreaterThan(5);
    // What is live can't be restored.
    expect(["done", "CONFLICT", "INVALID_ARGUMENT"]).toEqual(expect.arrayContaining(Object.keys(outcome)));
  }

  const expected = new Map([["still", still]]);
  for (const id of written) {
    expected.set(id, `${id} at first\n${Array.from({ length: count }, (_, i) => `${i}\n`).join("")}`);
  }
  for (const [id, text] of expected) {
    await a.call("settle", id);
    expect(await a.call("text", id)).toBe(text);
    await b.call("archive", id);
    expect(await a.call("text", id)).toBe(text);
  }
  expect(await b.call("verifyAll")).toMatchObject({ checked: ids.length, bad: [] });
  await b.call("collect");
  const { named, stored, loose } = await a.call("contents", "race");
  expect({ stored, loose }).toEqual({ stored: named, loose: 0 });
});

const APPEND = "append to a live session";

describe.each([
  "archive",
  "archive of a resumed session",
  "restore",
  "restore of a resumed session",
  "settle",
  "collect",
])("before each write of one tab's: %s", (name) => {
  test.each([APPEND, "archive", "restore"])("the other's: %s", async (other) => {
    const [a, b] = await Promise.all([chromium.openTab(), chromium.openTab()]);
    const count = await a.call("countPoints", name, "before writes");
    const points = Array.from({ length: count }, (_, point) => point);
    const stopped = await a.call("stopAt", name, points, "before writes");
    expect(stopped).toHaveLength(count);
    const others = await b.call("operateOn", stopped, other);
    const ones = await a.call("goOn");
    // A session that is live by then can't be restored.
    const refusals = ["CONFLICT", "INVALID_ARGUMENT"];
    expect(["done", ...refusals]).toEqual(expect.arrayContaining(ones));
    expect(["done", ...(other === APPEND ? [] : refusals)]).toEqual(expect.arrayContaining(others));
    await b.call("checkAfter", stopped, other === APPEND ? "new\n" : undefined);
  });
});

test("of many sweeps at once each session is archived by one", async () => {
  const tabs = await tabsOn("sweeps", 3);
  const ids = Array.from({ length: 12 }, (_, i) => `s${i}`);
  for (const id of ids) await tabs[0]?.call("addText", id, `${id}\n`.repeat(2000));
  const reports = await Promise.all(tabs.map((tab) => tab.call("sweep")));
  expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
  expect(reports.reduce((sum, { archivedCount }) => sum + archivedCount, 0)).toBe(ids.length);
  for (const id of ids) expect(await tabs[1]?.call("text", id)).toBe(`${id}\n`.repeat(2000));
});

test.each([
  ["crashes", (tab: Tab) => tab.crash()],
  ["is closed", (tab: Tab) => tab.close()],
  ["loses its worker", (tab: Tab) => tab.terminateWorker()],
] as const)("one tab at a time sweeps, until that tab %s", async (_, end) => {
  const [a, b] = (await tabsOn("exclusive", 2)) as [Tab, Tab];
  await b.call("addText", "s", "text\n");
  expect(await a.call("holdExclusive")).toBe(true);
  expect(await b.call("sweepExclusive")).toBeNull();
  expect((await b.call("info", "s")).state).toBe("live");
  await end(a);
  await b.call("locksReleased", "exclusive");
  expect(await b.call("sweepExclusive")).toMatchObject({ archivedCount: 1 });
});
