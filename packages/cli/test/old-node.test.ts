/** On a Node that is too old, the program prints only which version it needs. Needs a build. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../bin/session-archiver.js", import.meta.url));

/** Runs this Node with another version in `process.versions`. */
function runAs(version: string): { status: number | null; stdout: string; stderr: string } {
  const pretend = `Object.defineProperty(process.versions, "node", { value: "${version}" })`;
  const versions = `Object.defineProperty(process, "versions", { value: { ...process.versions } }); ${pretend}`;
  const flag = `--import=data:text/javascript,${encodeURIComponent(versions)}`;
  return spawnSync(process.execPath, [flag, BIN, "--version"], { encoding: "utf8" });
}

test.each(["22.12.0", "20.20.2", "18.0.0", "9.11.2"])("on Node %s it says which version it needs", (version) => {
  const { status, stdout, stderr } = runAs(version);
  const line = `session-archiver needs Node 22.13 or later; this is ${version}.\n`;
  expect([status, stdout, stderr]).toEqual([2, "", line]);
});

test.each(["22.13.0", "23.4.0", "24.0.0", "100.0.0"])("Node %s is new enough", (version) => {
  expect(runAs(version)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test("it is the version in package.json", () => {
  const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(engines.node).toBe(">=22.13");
});

const OLD_NODE = "/usr/bin/node";
const old = existsSync(OLD_NODE) ? spawnSync(OLD_NODE, ["--version"], { encoding: "utf8" }).stdout.trim() : "";
const isOld = /^v(1[2-9]|20|21)\./.test(old);
if (!isOld) console.warn(`no old Node at ${OLD_NODE}: the tests only change the version that the program sees`);

test.runIf(isOld)("a real old Node can read the program's first file", () => {
  const { status, stdout, stderr } = spawnSync(OLD_NODE, [BIN, "list"], { encoding: "utf8" });
  const line = `session-archiver needs Node 22.13 or later; this is ${old.slice(1)}.\n`;
  expect([status, stdout, stderr]).toEqual([2, "", line]);
});
