import { afterAll, expect, test } from "vitest";
import { ARCHIVED, Lab } from "../support/lab.js";
import { temporaryInMemory } from "../support/temporary.js";
import { startWriter } from "../support/writer.js";

const writer = startWriter();
afterAll(() => writer[Symbol.asyncDispose]());

test("a file that nobody writes to is freed at once where that is proven", async () => {
  await using folder = await temporaryInMemory();
  const lab = new Lab(folder.path, writer, true);
  await lab.start();
  const { result } = await lab.claim();
  expect(result).toEqual({ outcome: "freed", freedDiskBytes: 4096, heldDiskBytes: 0 });
  expect(await lab.content()).toBeUndefined();
  expect(await lab.parts()).toEqual([]);
});

test("without proof it is held for 24 hours, and freed by a later run", async () => {
  await using folder = await temporaryInMemory();
  const lab = new Lab(folder.path, writer, false);
  await lab.start();
  expect((await lab.claim()).result.outcome).toBe("held");
  expect(await lab.content()).toBeUndefined();
  expect((await lab.finish())?.outcome).toBe("freed");
  expect(await lab.parts()).toEqual([]);
});

test("a held file is put back", async () => {
  await using folder = await temporaryInMemory();
  const lab = new Lab(folder.path, writer, false);
  await lab.start();
  await lab.claim();
  expect((await lab.putBack())?.outcome).toBe("back");
  expect(await lab.content()).toBe(ARCHIVED);
  expect(await lab.parts()).toEqual([]);
});
