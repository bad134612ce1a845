/** `free-space`. */
import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canMount, NO_MOUNT, onSmallDisk } from "@session-archiver/test-kit/faults";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/doctor/finding.js";
import { newStore, only } from "../support/doctor.js";

const MIB = 1024 * 1024;
if (!canMount) console.warn(NO_MOUNT);

describe("too little room", () => {
  test.each([
    [64 * MIB, undefined],
    [64 * MIB - 1, "warning"],
    [MIB, "warning"],
    [65_536, "warning"],
    [65_535, "damage"],
    [0, "damage"],
  ])("with %i bytes left: %s", async (freeBytes, severity) => {
    const { find } = await newStore();
    const findings = await find({}, { space: async () => ({ freeBytes, freeFiles: null }) });
    expect(findings.map((finding) => finding.severity)).toEqual(severity === undefined ? [] : [severity]);
    if (severity !== undefined) expect(only(findings, "free-space").remedy).toContain("gc --dry-run");
  });

  test("plain files are not lost with the last byte", async () => {
    const { find } = await newStore("fs");
    const findings = await find({}, { space: async () => ({ freeBytes: 0, freeFiles: null }) });
    expect(only(findings, "free-space").severity).toBe("warning");
  });

  test("is measured by the largest output or archive", async () => {
    const { home, find } = await newStore("fs");
    const space = async () => ({ freeBytes: 100 * MIB, freeFiles: null });
    expect(await find({}, { space })).toEqual([]);
    await truncate(join(home, "store/live.session.json"), 101 * MIB);
    expect(only(await find({}, { space }), "free-space").message).toContain("106 MB");
  });

  test("of names for files", async () => {
    const { find } = await newStore();
    const findings = await find({}, { space: async () => ({ freeBytes: 1e12, freeFiles: 999 }) });
    expect(only(findings, "free-space")).toMatchObject({
      severity: "warning",
      message: expect.stringContaining("999"),
    });
    expect(await find({}, { space: async () => ({ freeBytes: 1e12, freeFiles: 1000 }) })).toEqual([]);
  });

  test("a place that can't be asked says nothing", async () => {
    const { find } = await newStore();
    expect(await find({}, { space: () => Promise.reject(new Error("ENOSYS")) })).toEqual([]);
  });
});

test.skipIf(!canMount)("a disk that is really full, and one that is nearly full", async () => {
  const script = fileURLToPath(new URL("../support/doctor-disk.ts", import.meta.url));
  const lines = await onSmallDisk("8m", script, (mounted) => [mounted]);
  const [full, nearly] = lines.map((line) => JSON.parse(line) as readonly Finding[]);
  expect(only(full ?? [], "free-space").severity).toBe("damage");
  expect(only(nearly ?? [], "free-space").severity).toBe("warning");
});
