/** The whole browser killed, and started again on what it left on the disk. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enginesHere } from "@session-archiver/test-kit/browsers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SCENARIOS } from "../support/client/scenarios.js";
import { type KillableTab, openKillable } from "../support/killable-tab.js";
import { pointsFor } from "../support/points.js";
import { openSite, type Site } from "../support/site.js";

/** At how many points of an operation, at most. It is the same code in all engines. */
const MOST = { chromium: 2, firefox: 1, webkit: 1 } as const;

/** Two browsers for each: the second way only in Chromium, unless there is time. */
const durabilitiesFor = (engine: "chromium" | "firefox" | "webkit"): readonly ("strict" | "relaxed")[] =>
  engine === "chromium" || process.env["SESSION_ARCHIVER_AT_LENGTH"] ? ["strict", "relaxed"] : ["strict"];

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(async () => site?.close());

describe.each(enginesHere())("%s", (engine) => {
  let folder: string;
  let tab: KillableTab;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "session-archiver-killed-"));
    tab = await openKillable(engine, folder, site);
  });
  afterEach(async () => {
    await tab.kill();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test("in the middle of every operation at once", { timeout: 600_000 }, async () => {
    const stopped = [];
    for (const [name, scenario] of Object.entries(SCENARIOS)) {
      const points = pointsFor(
        { ...scenario, most: Math.min(MOST[engine], scenario.most ?? 4) },
        await tab.call("countPoints", name, scenario.points),
        1,
      );
      stopped.push(...(await tab.call("stopAt", name, points, scenario.points)));
    }
    expect(new Set(stopped.map(({ scenario }) => scenario)).size).toBe(Object.keys(SCENARIOS).length);
    await tab.kill();
    tab = await openKillable(engine, folder, site);
    await tab.call("checkAfter", stopped);
  });

  test.each(durabilitiesFor(engine))(
    "while it appends, %s: what was acknowledged is there, and whole lines only",
    async (durability) => {
      await tab.call("open", "append", { durability });
      site.uploads.clear();
      const enough = site.uploaded("acknowledged", (count) => Number(count) >= 100);
      const appending = tab.call("appendForever", "s");
      appending.catch(() => {});
      await enough;
      await tab.kill();
      // After the kill: the lines it had reported by then.
      const acknowledged = Number(site.uploads.get("acknowledged"));
      tab = await openKillable(engine, folder, site);
      await tab.call("open", "append", { durability });
      const lines = (await tab.call("text", "s")).split("\n");
      expect(lines.pop()).toBe("");
      expect(lines).toEqual(Array.from({ length: lines.length }, (_, i) => String(i)));
      expect(lines.length).toBeGreaterThanOrEqual(acknowledged);
      await tab.call("append", "s", "more\n");
      expect((await tab.call("archive", "s")).rawBytes).toBe(lines.join("\n").length + 1 + "more\n".length);
      await tab.call("verify", "s");
    },
  );
});
