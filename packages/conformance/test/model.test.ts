/** Random histories: the same for the same seed, and made smaller when they fail. */
import { memoryPorts } from "@session-archiver/core";
import { expect, test } from "vitest";
import { type ModelOptions, modelCases, runAll, type Subject } from "../src/index.js";

/** A sink. `onPut` gets the size of each archive; `put` reports `mostBytes` for any larger archive. */
function sink(onPut: (bytes: number) => void = () => {}, mostBytes = Number.POSITIVE_INFINITY): Subject {
  const { archives } = memoryPorts();
  return {
    archives: {
      ...archives,
      async put(key, body, op) {
        const info = await archives.put(key, body, op);
        onPut(info.size);
        return { ...info, size: Math.min(info.size, mostBytes) };
      },
    },
  };
}

async function failures(subject: Subject, options: ModelOptions): Promise<readonly string[]> {
  const messages: string[] = [];
  const run = runAll(async () => subject, { offers: ["archives"], cases: modelCases(options) });
  for await (const { error } of run) if (error instanceof Error) messages.push(error.message);
  return messages;
}

async function sizesIn(options: ModelOptions): Promise<readonly number[]> {
  const sizes: number[] = [];
  expect(
    await failures(
      sink((bytes) => void sizes.push(bytes)),
      options,
    ),
  ).toEqual([]);
  return sizes;
}

test("the same seed makes the same histories, another seed makes others", async () => {
  const sizes = await sizesIn({ seed: 7 });
  expect(sizes.length).toBeGreaterThan(20);
  expect(await sizesIn({ seed: 7 })).toEqual(sizes);
  expect(await sizesIn({ seed: 8 })).not.toEqual(sizes);
  expect((await sizesIn({ seed: 7, histories: 20 })).length).toBeGreaterThan(2 * sizes.length);
  expect((await sizesIn({ seed: 7, steps: 100 })).length).toBeGreaterThan(sizes.length);
});

test("sizes that an adapter names are tried, with their neighbours", async () => {
  const sizes = new Set(await sizesIn({ histories: 40, sizes: [5000] }));
  for (const size of [4999, 5000, 5001]) expect(sizes).toContain(size);
});

test("upkeep is done now and then", async () => {
  const subject = sink();
  const done: Subject[] = [];
  expect(await failures(subject, { upkeep: async (of) => void done.push(of) })).toEqual([]);
  expect(done.length).toBeGreaterThan(5);
  expect(new Set(done)).toEqual(new Set([subject]));
});

test("a failing history is shown as small as possible, with its seed", async () => {
  const [message = "", ...more] = await failures(sink(undefined, 300), {});
  expect(more).toEqual([]);
  const [first, smaller, ...calls] = message.split("\n");
  expect(first).toMatch(/^seed \d+: put archive ".*" of \d+ bytes: expected /);
  expect(smaller).toMatch(/^made smaller: put archive ".*" of \d+ bytes: expected /);
  expect(calls).toEqual([expect.stringMatching(/^ {2}put archive ".*" of (30[1-9]|[3-5]\d\d) bytes$/)]);
  const seed = Number(/^seed (\d+)/.exec(message)?.[1]);
  expect(await failures(sink(undefined, 300), { seed, histories: 1 })).toEqual([message]);
});
