import { afterEach, expect, test, vi } from "vitest";
import { hasLocks, hold, ifFree } from "../src/locks.js";

afterEach(() => vi.unstubAllGlobals());

test("a browser that gives out no locks any more is UNAVAILABLE; an error of the work stays itself", async () => {
  const refused = new DOMException("The document is not fully active.", "InvalidStateError");
  vi.stubGlobal("navigator", { locks: { request: () => Promise.reject(refused) } });
  await expect(hold("a")).rejects.toMatchObject({ code: "UNAVAILABLE", cause: refused });
  await expect(ifFree("a", async () => "never")).rejects.toMatchObject({ code: "UNAVAILABLE", cause: refused });
  const request = async (_: string, __: object, granted: (lock: object) => Promise<unknown>) => granted({});
  vi.stubGlobal("navigator", { locks: { request } });
  await expect(ifFree("a", () => Promise.reject(refused))).rejects.toBe(refused);
});

test("without Web Locks a lock is nothing, and work is done", async () => {
  vi.stubGlobal("navigator", {});
  expect(hasLocks()).toBe(false);
  (await hold("a"))();
  expect(await ifFree("a", () => ifFree("a", async () => 5))).toBe(5);
});
