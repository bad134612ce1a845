import { expect, test } from "vitest";
import { judge } from "../src/report/judge.js";
import { type Claim, NOT_INSTALLED, type Series } from "../src/report/series.js";

const seconds = (name: string, ...samples: number[]): Series => ({ name, unit: "s", samples, peaksMiB: [] });

function met(series: readonly Series[], claim: Claim): boolean | undefined {
  return judge({ series, claims: [claim] })[0]?.met;
}

test("faster means less time for the same work", () => {
  const series = [seconds("ours", 1, 1, 1), seconds("peer", 1.2, 1.2, 1.2)];
  expect(met(series, { kind: "speed", of: "ours", than: "peer", atLeast: 1.19 })).toBe(true);
  expect(met(series, { kind: "speed", of: "ours", than: "peer", atLeast: 1.21 })).toBe(false);
});

test("speeds are compared by the work of each", () => {
  const of = (name: string, amount: number): Series => ({ ...seconds(name, 2), work: { amount, unit: "MB" } });
  const [judgement] = judge({
    series: [of("ours", 100), of("peer", 25)],
    claims: [{ kind: "speed", of: "ours", than: "peer", atLeast: 1 }],
  });
  expect(judgement?.measured).toBe(4);
});

test("a size is judged by its ratio to the other", () => {
  const bytes = (name: string, ...samples: number[]): Series => ({ name, unit: "bytes", samples, peaksMiB: [] });
  const series = [bytes("ours", 1014, 1014), bytes("gzip", 1000, 1000)];
  expect(met(series, { kind: "size", of: "ours", than: "gzip", atMost: 1.015 })).toBe(true);
  expect(met(series, { kind: "size", of: "ours", than: "gzip", atMost: 1.013 })).toBe(false);
});

test("times and rates are judged by their median, memory by its worst round", () => {
  const ours: Series = {
    ...seconds("ours", 0.001, 0.009, 0.5),
    work: { amount: 90, unit: "sessions" },
    peaksMiB: [10, 50, 20],
  };
  expect(met([ours], { kind: "ms", of: "ours", atMost: 9 })).toBe(true);
  expect(met([ours], { kind: "ms", of: "ours", atMost: 8.9 })).toBe(false);
  expect(met([ours], { kind: "rate", of: "ours", atLeast: 10_000 })).toBe(true);
  expect(met([ours], { kind: "rate", of: "ours", atLeast: 10_001 })).toBe(false);
  expect(met([ours], { kind: "peak MiB", of: "ours", atMost: 50 })).toBe(true);
  expect(met([ours], { kind: "peak MiB", of: "ours", atMost: 49 })).toBe(false);
});

test("a claim without measurements is neither met nor missed", () => {
  const series = [seconds("ours", 1), { ...seconds("pigz"), note: NOT_INSTALLED }];
  expect(met(series, { kind: "speed", of: "ours", than: "pigz", atLeast: 1 })).toBeUndefined();
  expect(met(series, { kind: "ms", of: "pigz", atMost: 1 })).toBeUndefined();
  expect(met(series, { kind: "peak MiB", of: "ours", atMost: 1 })).toBeUndefined();
});

test("a claim about an unknown series throws", () => {
  expect(() => judge({ series: [], claims: [{ kind: "ms", of: "nothing", atMost: 1 }] })).toThrow(/"nothing"/);
});
