/** What this user has no right to look at is said, not passed over. */
import { spawnSync } from "node:child_process";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";
import type { Finding } from "../../src/doctor/finding.js";
import { kindsOf, newStore, only } from "../support/doctor.js";

const SCRIPT = fileURLToPath(new URL("../support/doctor-user.ts", import.meta.url));

/** Names below the home. */
async function foundWithout(closed: readonly string[], sink = "archives", env = {}): Promise<readonly Finding[]> {
  const { cli, home } = await newStore();
  await mkdir(join(home, "above/archives"), { recursive: true, mode: 0o700 });
  await chmod(cli.folder, 0o755);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...FROM_SOURCES, SCRIPT, home, sink, ...closed], {
    ...{ encoding: "utf8", env: { ...process.env, ...env } },
  });
  expect([status, stderr.replaceAll(/.*(?:ExperimentalWarning|--trace-warnings).*\n/g, "")]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

test.skipIf(process.platform === "win32")("a healthy store's owner finds nothing", async () => {
  expect(await foundWithout([])).toEqual([]);
});

test.skipIf(process.platform === "win32")("a catalogue and a folder that may not be read", async () => {
  const found = await foundWithout(["sessions.db", "archives"]);
  expect(kindsOf(found)).toEqual(["damage catalogue-unreadable", "warning not-looked-at"]);
  expect(only(found, "not-looked-at").message).toContain("archives");
});

test.skipIf(process.platform === "win32")(
  "a home that may not be entered is not taken for one without a catalogue",
  async () => {
    const found = await foundWithout(["."]);
    expect(kindsOf(found)).toEqual(["damage catalogue-unreadable", "warning not-looked-at"]);
  },
);

test.skipIf(process.platform === "win32")("nor for one without sessions in plain files", async () => {
  expect(kindsOf(await foundWithout(["."], "archives", { PLAIN: "1" }))).toEqual(["warning not-looked-at"]);
});

test.skipIf(process.platform === "win32")("archives in a folder that may not be entered", async () => {
  const found = await foundWithout(["above"], "above/archives");
  expect(only(found, "not-looked-at").message).toContain("above/archives");
});
