/** Which values are times, and which are not. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { timestampOf } from "../src/format.js";
import { isTime, timeOf } from "../src/index.js";
import { runs } from "./fuzz.js";
import { DAY, NOW } from "./support.js";

const instant = fc.date({
  min: new Date(Date.UTC(2001, 0, 1)),
  max: new Date(Date.UTC(2100, 11, 31)),
  noInvalidDate: true,
});

const digits = (most: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: most }).map((all) => all.join(""));

describe("every writing of a time gives that time", () => {
  test("as a number, at its precision", () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 999 }), (at, micros) => {
        const ms = at.getTime();
        const seconds = Math.trunc(ms / 1000);
        expect(timeOf(seconds)).toBe(seconds * 1000);
        expect(timeOf(ms)).toBe(ms);
        expect(timeOf(ms * 1000 + micros)).toBe(ms);
        expect(timeOf(ms * 1e6)).toBe(ms);
        expect(timeOf(JSON.parse(`${ms}000000`))).toBe(ms);
        expect(timeOf(ms / 1000)).toBe(ms);
        expect(timeOf(ms + micros / 1000)).toBe(ms);
      }),
      runs(500),
    );
  });

  test("as digits in a text, however many", () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 999_999 }), digits(12), (at, nanos, more) => {
        const ms = at.getTime();
        const all = `${ms}${String(nanos).padStart(6, "0")}`;
        const point = `${ms}`.length;
        const fraction = more === "" ? "" : `.${more}`;
        expect(timeOf(all.slice(0, point - 3))).toBe(ms - (ms % 1000));
        for (const length of [point, point + 3, point + 6]) expect(timeOf(all.slice(0, length) + fraction)).toBe(ms);
        expect(timeOf(`${all.slice(0, point - 3)}.${all.slice(point - 3)}`)).toBe(ms);
      }),
      runs(500),
    );
  });

  test("in ISO 8601, in any zone or none", () => {
    const zone = fc.tuple(fc.constantFrom("+", "-"), fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 59 }));
    fc.assert(
      fc.property(instant, zone, digits(9), fc.constantFrom("T", "t", " "), (at, [sign, hours, minutes], more, t) => {
        const ms = at.getTime();
        const two = (number: number): string => String(number).padStart(2, "0");
        const local = new Date(ms + (sign === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000).toISOString();
        const [date, clock] = [local.slice(0, 10), local.slice(11, 23)];
        for (const colon of [":", ""]) {
          expect(timeOf(`${date}${t}${clock}${more}${sign}${two(hours)}${colon}${two(minutes)}`)).toBe(ms);
        }
        const utc = at.toISOString().replace("T", t);
        expect(timeOf(utc)).toBe(ms);
        expect(timeOf(utc.replace(".", ","))).toBe(ms);
        expect(timeOf(utc.slice(0, -1))).toBe(ms);
        expect(timeOf(utc.slice(0, 19))).toBe(ms - (ms % 1000));
        expect(timeOf(utc.slice(0, 16))).toBe(ms - (ms % 60_000));
        expect(timeOf(utc.slice(0, 10))).toBe(ms - (ms % DAY));
      }),
      runs(500),
    );
  });
});

test.each([
  ["2026-11-28T24:00", Date.UTC(2026, 10, 29)],
  ["2026-11-28T07:16:36-05", Date.UTC(2026, 10, 28, 12, 16, 36)],
  ["2024-02-29", Date.UTC(2024, 1, 29)],
  ["2000-01-01T00:00:00Z", Date.UTC(2000, 0, 1)],
  [1_795_850_487.172, 1_795_850_487_172],
])("%j is a time", (value, time) => {
  expect(timeOf(value)).toBe(time);
});

test.each([
  ...[
    "step 3",
    "May 5",
    "2",
    "1.2.3",
    "v2026.11.28",
    "2026",
    "2026-11",
    "soon",
    "",
    " ",
    "1e12",
    "0x6a2b3c4d5e6f",
    "Infinity",
  ],
  ...["28 Nov 2026", "Sat, 28 Nov 2026 07:16:36 GMT", "11/28/2026", "2026/11/28", "2026-11-28 7:16", "2026-11-28T07"],
  ...[
    "2026-11-28T07:16:36.860Z extra",
    " 2026-11-28",
    "2026-11-28\n",
    "2026-11-28Z",
    "2026-11-28T07:16 UTC",
    "20261128",
  ],
  ...[
    "2026-02-31",
    "2026-13-01",
    "2026-00-10",
    "2025-02-29",
    "2026-11-28T25:00",
    "2026-11-28T24:01",
    "2026-11-28T07:60",
  ],
  ...["2026-11-28T07:16:61Z", "2026-11-28T07:16+24:00", "2026-11-28T07:16+02:60"],
  ...["0001-01-01T00:00:00Z", "1970-01-01", "1999-12-31T23:59:59.999Z", "+002026-11-28T00:00:00Z", "2200-01-01"],
  ...["20261128071636", "20261128071636860", 20261128071636],
  ...[0, -0, -5, -1_795_850_196_860, "-1795850196860", Number.NaN, Number.POSITIVE_INFINITY, 5, 2026, 1e10, 1e21],
  ...[Date.UTC(2000, 0, 1) / 1000 - 1, Date.UTC(2000, 0, 1) - 1, null, undefined, true, {}, [NOW], new Date(NOW)],
])("%j is no time", (value) => {
  expect(timeOf(value)).toBeUndefined();
});

test("no text is a time that does not begin with a date or is nothing but digits", () => {
  const word = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[a-zA-Z]{1,9} \d{1,4}$/),
    fc.stringMatching(/^\d{1,4}([./ :-]\d{1,4}){0,3}$/),
    fc.stringMatching(/^\d{1,20}$/),
    instant.map((at) => at.toUTCString()),
  );
  fc.assert(
    fc.property(word, (text) => {
      const time = timeOf(text);
      if (time === undefined) return;
      expect(isTime(time)).toBe(true);
      expect(text).toMatch(/^(\d{4}-\d\d-\d\d|\d{9,19}(\.\d+)?$)/);
    }),
    runs(1000),
  );
});

test("more than a day after now is no time, in any writing", () => {
  for (const write of [Number, String, (ms: number) => ms / 1000, (ms: number) => new Date(ms).toISOString()]) {
    expect(timeOf(write(NOW + DAY), NOW)).toBe(NOW + DAY);
    expect(timeOf(write(NOW + DAY + 1), NOW)).toBeUndefined();
    expect(timeOf(write(NOW + DAY + 1))).toBe(NOW + DAY + 1);
    expect(timestampOf(JSON.stringify({ timestamp: write(NOW + DAY + 1) }), NOW)).toBeUndefined();
  }
});
