/** What a backend's claims are spared, and what they are given. */
import { expect, test } from "vitest";
import { defineObjects, type KeptClaims, memoryPorts, readOnlyPorts } from "../../src/adapter.js";
import { aborted, ILLEGAL, type Log, objectBackend } from "./support.js";

const INVALID = { code: "INVALID_ARGUMENT" };
const TTL_MS = 1000;

function claiming(log: Log, kept: KeptClaims = { objects: [], held: [] }) {
  const skipped: Error[] = [];
  const backend = {
    ...objectBackend(log),
    claim: (...args: unknown[]) => {
      log.push(["claim", ...args]);
      return kept;
    },
  };
  const { claim } = defineObjects(backend, { onSkipped: (error) => void skipped.push(error) });
  return { claim: claim ?? expect.fail(), skipped };
}

test.each(ILLEGAL)("the name %j never reaches the backend", async (name) => {
  const log: Log = [];
  const { claim } = claiming(log);
  const id = name as string;
  await expect(claim(id, { take: [], release: [] }, TTL_MS)).rejects.toMatchObject(INVALID);
  await expect(claim("me", { take: ["a", id], release: [] }, TTL_MS)).rejects.toMatchObject(INVALID);
  await expect(claim("me", { take: [], release: [id] }, TTL_MS)).rejects.toMatchObject(INVALID);
  expect(log).toEqual([]);
});

test("what is no change and no time never reaches the backend, and nothing does once it is aborted", async () => {
  const log: Log = [];
  const { claim } = claiming(log);
  for (const change of [undefined, {}, { take: "a", release: [] }, { take: [] }]) {
    await expect(claim("me", change as never, TTL_MS)).rejects.toMatchObject(INVALID);
  }
  for (const ttlMs of [-1, 0.5, Number.NaN, "1"]) {
    await expect(claim("me", { take: [], release: [] }, ttlMs as number)).rejects.toMatchObject(INVALID);
  }
  await expect(claim("me", { take: ["a"], release: [] }, TTL_MS, aborted)).rejects.toMatchObject({ code: "ABORTED" });
  expect(log).toEqual([]);
});

test("each id comes once, and what is to be taken isn't released", async () => {
  const log: Log = [];
  const { claim } = claiming(log);
  await claim("me", { take: ["a", "b", "a"], release: ["c", "b", "c"] }, TTL_MS);
  expect(log).toMatchObject([
    ["claim", "me", { take: ["a", "b"], release: ["c"] }, TTL_MS, { method: "objects.claim" }],
  ]);
});

test("objects are parsed, and what is damaged is left out and reported", async () => {
  const whole = { id: "a", version: "1", json: '{"n":1}' };
  const { claim, skipped } = claiming([], { objects: [whole, { id: "b", version: "2", json: "{" }], held: ["c"] });
  const claimed = await claim("me", { take: ["a", "b", "c"], release: [] }, TTL_MS);
  expect(claimed).toEqual({ objects: [{ id: "a", version: "1", meta: { n: 1 } }], held: ["c"] });
  expect(skipped).toMatchObject([{ code: "CORRUPT", id: "b" }]);
});

test("a store offers claims if its backend does, and if it may be written", () => {
  expect("claim" in defineObjects(objectBackend([]))).toBe(false);
  const ports = memoryPorts();
  expect("claim" in ports.objects).toBe(true);
  expect("claim" in readOnlyPorts(ports).objects).toBe(false);
});
