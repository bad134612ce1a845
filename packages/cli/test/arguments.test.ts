import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysArgument, endArgument, linesArgument, timeArgument, withIdsLast } from "../src/arguments.js";
import { formatSize, parseSize } from "../src/output/sizes.js";
import { storeArgument } from "../src/stores/argument.js";

describe("sizes", () => {
  test.each([
    ["0", 0],
    ["1048576", 1_048_576],
    ["12B", 12],
    ["1kB", 1000],
    ["1KB", 1000],
    ["1KiB", 1024],
    ["500MB", 500_000_000],
    ["500 MB", 500_000_000],
    ["2GiB", 2 * 1024 ** 3],
    ["2gib", 2 * 1024 ** 3],
    ["1.5GB", 1_500_000_000],
    ["3TB", 3e12],
    ["1PiB", 1024 ** 5],
  ])("reads %s", (text, bytes) => expect(parseSize(text)).toBe(bytes));

  test.each([
    "",
    " ",
    "x",
    "MB",
    "-1",
    "+1",
    "1e3",
    "0x10",
    "500M",
    "5G",
    "1,5GB",
    "1.GB",
    ".5GB",
    "5MB ",
    " 5MB",
    "5MBit",
  ])("refuses %j", (text) => expect(parseSize(text)).toBeUndefined());

  test("refuses what can't be counted exactly", () => expect(parseSize("9007199254740993PB")).toBeUndefined());

  test("reads every whole number as itself, and with a unit as its multiple", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (n) => {
        expect(parseSize(String(n))).toBe(n);
        expect(parseSize(`${n}MiB`)).toBe(n * 2 ** 20);
        expect(parseSize(`${n}MB`)).toBe(n * 10 ** 6);
      }),
    );
  });

  test("writes decimal units", () => expect(formatSize(1_340_000)).toBe("1.34 MB"));
});

describe("days", () => {
  test.each([
    ["0", 0],
    ["7", 7],
    ["0.5", 0.5],
  ])("reads %s", (text, days) => expect(daysArgument(text)).toBe(days));

  test.each(["", "-1", "1d", "Infinity", "NaN", "1e400", "1.", "9".repeat(400)])("refuses %j", (text) =>
    expect(() => daysArgument(text)).toThrow("number of days"),
  );
});

describe("lines", () => {
  test.each([
    ["1:2", { from: 0, to: 2 }],
    ["3:3", { from: 2, to: 3 }],
    ["5", { from: 4, to: 5 }],
    ["10:", { from: 9, to: undefined }],
    [":10", { from: 0, to: 10 }],
  ])("reads %s", (text, range) => expect(linesArgument(text)).toEqual(range));

  test.each(["", ":", "0", "0:5", ":0", "5:4", "-1:2", "1:2:3", "a:b", "1-2", "1.5:2", "99999999999999999:"])(
    "refuses %j",
    (text) => expect(() => linesArgument(text)).toThrow("first line is 1"),
  );
});

describe("stores", () => {
  test("reads a kind and a path, which may contain colons", () => {
    expect(storeArgument("sqlite:a:b.db")).toEqual({ kind: "sqlite", path: "a:b.db" });
    expect(storeArgument("fs:/x/y")).toEqual({ kind: "fs", path: "/x/y" });
  });

  test.each(["", "sqlite", "sqlite:", "fs:", "postgres:x", "SQLITE:x", "/x", "fs:a\0b"])("refuses %j", (text) =>
    expect(() => storeArgument(text)).toThrow("sqlite:FILE, fs:DIR, postgres:"),
  );
});

describe("ids that begin with a dash", () => {
  const flags = new Set(["--tail", "-o"]);

  test.each([
    ["cat -Users-me/x", "cat -- -Users-me/x"],
    ["cat -home-me/x --tail 5", "cat --tail 5 -- -home-me/x"],
    ["export -o -out/x -home/x", "export -o -out/x -- -home/x"],
    ["archive a -b/c -- -d", "archive a -- -b/c -d"],
    ["list --json", "list --json"],
    ["cat -x", "cat -x"],
    ["export id -o -", "export id -o -"],
  ])("%s", (given, expected) => expect(withIdsLast(given.split(" "), flags)).toEqual(expected.split(" ")));
});

describe("a time", () => {
  test.each([
    ["2026-01-31", new Date(2026, 0, 31)],
    ["2026-01-31T18:00", new Date(2026, 0, 31, 18)],
    ["2026-01-31 18:00:07", new Date(2026, 0, 31, 18, 0, 7)],
    ["2026-01-31T18:00:07.250Z", new Date(Date.UTC(2026, 0, 31, 18, 0, 7, 250))],
    ["2026-01-31T18:00+02:00", new Date(Date.UTC(2026, 0, 31, 16))],
  ])("reads %s", (text, time) => expect(timeArgument(text)).toBe(time.getTime()));

  test.each([
    ["90m", 90 * 60_000],
    ["12h", 12 * 3_600_000],
    ["1.5d", 36 * 3_600_000],
    ["2w", 14 * 24 * 3_600_000],
  ])("reads %s as a time before now", (text, ms) => {
    const before = Date.now();
    const ago = before - timeArgument(text);
    expect(ago).toBeLessThanOrEqual(ms);
    expect(ago).toBeGreaterThan(ms - (Date.now() - before) - 1);
  });

  test.each([
    "",
    "yesterday",
    "18:00",
    "2026-02-30",
    "2026-13-01",
    "2026-01-31T25:00",
    "2026-01-31Z",
    "5",
    "3y",
    "-1d",
  ])("refuses %s", (text) => {
    expect(() => timeArgument(text)).toThrow("Write a time as");
  });

  test("as the end of a period means the whole day, and otherwise itself", () => {
    expect(endArgument("2026-01-31")).toBe(new Date(2026, 1, 1).getTime() - 1);
    expect(endArgument("2026-01-31T18:00")).toBe(new Date(2026, 0, 31, 18).getTime());
    expect(() => endArgument("2026-02-30")).toThrow("Write a time as");
  });
});
