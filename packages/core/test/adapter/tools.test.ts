/** The kit's small tools. */
import { afterEach, expect, test, vi } from "vitest";
import {
  MAX_TRIES,
  randomToken,
  resolvedUnlessCorrupt,
  retryOnConflict,
  skipCorrupt,
  unlessCorrupt,
} from "../../src/adapter.js";
import { ArchiverError } from "../../src/index.js";

afterEach(() => vi.unstubAllGlobals());

test("a token never comes twice, also where there is no randomUUID", () => {
  const { getRandomValues } = crypto;
  for (const stub of [crypto, { getRandomValues: getRandomValues.bind(crypto) }]) {
    vi.stubGlobal("crypto", stub);
    const tokens = Array.from({ length: 1000 }, randomToken);
    expect(new Set(tokens).size).toBe(1000);
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f-]{32,36}$/);
  }
});

test("what others were faster with is tried again, but not without end", async () => {
  let tries = 0;
  const fifth = async () => (++tries === 5 ? "done" : undefined);
  expect(await retryOnConflict("It", {}, fifth)).toBe("done");
  tries = 0;
  const never = async () => void ++tries;
  const given = retryOnConflict('Session "s"', { id: "s" }, never as () => Promise<undefined>);
  await expect(given).rejects.toMatchObject({ code: "CONFLICT", id: "s", message: /^Session "s" keeps changing/ });
  expect(tries).toBe(MAX_TRIES);
  await expect(retryOnConflict("It", {}, () => Promise.reject(new Error("other")))).rejects.toThrow("other");
});

test("only CORRUPT items are left out and reported", async () => {
  const corrupt = new ArchiverError("CORRUPT", "Damaged.");
  const other = new ArchiverError("UNAVAILABLE", "The network.");
  const skipped: Error[] = [];
  const onSkipped = (error: Error): void => void skipped.push(error);
  const fail = (error: Error) => (): never => {
    throw error;
  };
  expect(unlessCorrupt(() => 1, onSkipped)).toBe(1);
  expect(unlessCorrupt(fail(corrupt), onSkipped)).toBeUndefined();
  expect(() => unlessCorrupt(fail(other), onSkipped)).toThrow(other);
  expect(await resolvedUnlessCorrupt(async () => 1, onSkipped)).toBe(1);
  expect(await resolvedUnlessCorrupt(async () => fail(corrupt)(), onSkipped)).toBeUndefined();
  await expect(resolvedUnlessCorrupt(async () => fail(other)(), onSkipped)).rejects.toBe(other);
  skipCorrupt(corrupt, onSkipped);
  expect(() => skipCorrupt(other, onSkipped)).toThrow(other);
  expect(() => skipCorrupt({ code: "CORRUPT" }, onSkipped)).toThrow();
  expect(skipped).toEqual([corrupt, corrupt, corrupt]);
});
