import { expect } from "vitest";

const TIMEOUT_MS = 120_000;

/** Like `expect.poll`, with the timeout that all these tests use; `interval` in milliseconds. */
export function eventually<T>(read: () => T, interval = 50): ReturnType<typeof expect.poll<T>> {
  return expect.poll(read, { timeout: TIMEOUT_MS, interval });
}
