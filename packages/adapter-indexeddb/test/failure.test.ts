import { ArchiverError } from "@session-archiver/core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { translate } from "../src/failure.js";
import { openIndexedDb, requestPersistence, storageStatus } from "../src/index.js";

const MIB = 1024 * 1024;
const space = (usage: number, quota: number): void => {
  vi.stubGlobal("navigator", { storage: { estimate: async () => ({ usage, quota }) } });
};
const dom = (name: string, message = "It failed."): DOMException => new DOMException(message, name);
/** The class that replaces the name, in browsers of 2025 and later. */
class QuotaExceededError extends DOMException {
  readonly quota = 100;
  readonly requested = 200;
  constructor() {
    super("Too much.", "QuotaExceededError");
  }
}

afterEach(() => vi.unstubAllGlobals());

describe("a full disk or quota is QUOTA", () => {
  test.each([
    dom("QuotaExceededError"),
    new QuotaExceededError(),
    dom("NS_ERROR_DOM_QUOTA_REACHED"),
    dom("UnknownError", "Encountered full disk while opening backing store."),
  ])("%s, whatever the estimate says", async (error) => {
    space(0, 1000 * MIB);
    expect(await translate(error, { bytes: 5 })).toMatchObject({ code: "QUOTA", cause: error });
  });

  test.each(["AbortError", "InvalidStateError", "UnknownError", "TransactionInactiveError"])(
    "%s of a write, near the limit only",
    async (name) => {
      space(97 * MIB, 100 * MIB);
      expect(await translate(dom(name), { bytes: 0 })).toMatchObject({ code: "QUOTA" });
      space(50 * MIB, 100 * MIB);
      expect(await translate(dom(name), { bytes: 10 })).toMatchObject({ code: "UNAVAILABLE" });
      expect(await translate(dom(name), { bytes: 60 * MIB })).toMatchObject({ code: "QUOTA" });
    },
  );

  test("but a read's is not, nor one where the browser gives no estimate", async () => {
    space(99 * MIB, 100 * MIB);
    expect(await translate(dom("AbortError"), {})).toMatchObject({ code: "UNAVAILABLE" });
    vi.stubGlobal("navigator", {});
    expect(await translate(dom("AbortError"), { bytes: 5 })).toMatchObject({ code: "UNAVAILABLE" });
  });

  test("the message says what was attempted and what is free", async () => {
    space(60, 100);
    const { message } = await translate(dom("QuotaExceededError"), { bytes: 500 });
    expect(message).toMatch(/500 more bytes: 40 of 100 bytes are free\. Nothing was changed/);
    space(60, 4000);
    const refused = await translate(dom("QuotaExceededError"), { bytes: 500 });
    expect(refused.message).toMatch(
      /500 more bytes, although the browser estimates that 3940 bytes are free\. Nothing/,
    );
    vi.stubGlobal("navigator", { storage: { estimate: () => Promise.reject(new TypeError("opaque origin")) } });
    expect((await translate(dom("QuotaExceededError"), {})).message).toMatch(/no space for this change\. Nothing/);
  });
});

test.each([
  ["VersionError", "UNAVAILABLE", "newer version"],
  ["SecurityError", "UNAVAILABLE", "allows no storage"],
  ["ConstraintError", "CONFLICT", "somebody else"],
  ["DataCloneError", "INVALID_ARGUMENT", "can't be stored"],
  ["NotReadableError", "CORRUPT", "can't read"],
  ["DataError", "CORRUPT", "can't read"],
  ["TimeoutError", "UNAVAILABLE", "Try again"],
])("%s is %s", async (name, code, words) => {
  const error = await translate(dom(name, "The browser's words."), { id: "s", key: "output" });
  expect(error).toMatchObject({ code, id: "s", key: "output" });
  expect(error.message.toLowerCase()).toContain(words.toLowerCase());
  expect(error.message).toContain("The browser's words.");
});

test("an error that has one of our codes stays itself; anything else is UNAVAILABLE", async () => {
  const ours = new ArchiverError("CONFLICT", "changed");
  expect(await translate(ours, { id: "s" })).toBe(ours);
  expect(await translate("text", {})).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("text") });
});

test("without IndexedDB, opening is UNAVAILABLE", async () => {
  await expect(openIndexedDb("a")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  vi.stubGlobal("indexedDB", null);
  await expect(openIndexedDb("a")).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("an IndexedDB that refuses, as in sandboxed frames and private windows of old, is UNAVAILABLE", async () => {
  for (const name of ["SecurityError", "InvalidStateError"]) {
    const open = (): never => {
      throw dom(name);
    };
    vi.stubGlobal("indexedDB", { open });
    await expect(openIndexedDb("a")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  }
});

test("where the browser gives no estimate of its space, it is unknown", async () => {
  const nothing = { usageBytes: null, quotaBytes: null, persisted: false };
  vi.stubGlobal("navigator", undefined);
  expect(await storageStatus()).toEqual(nothing);
  expect(await requestPersistence()).toBe(false);
  vi.stubGlobal("navigator", { storage: { persisted: async () => true } });
  expect(await requestPersistence()).toBe(true);
  vi.stubGlobal("navigator", { storage: { persist: async () => false, persisted: async () => true } });
  expect(await requestPersistence()).toBe(false);
});
