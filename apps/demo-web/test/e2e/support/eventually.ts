import { expect } from "vitest";

const TIMEOUT_MS = 120_000;

/** As `expect.poll`, with as much patience as everything else here has; `interval` in milliseconds. */
export function eventually<T>(read: () => T, interval = 50): ReturnType<typeof expect.poll<T>> {
  return expect.poll(read, { timeout: TIMEOUT_MS, interval });
}
