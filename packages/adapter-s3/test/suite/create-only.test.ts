/** Nothing is ever replaced: raced at the last step, with bodies of one part and of several. */
import { hasCode, toBytes } from "@session-archiver/core";
import { firstDifference, inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { fakeSink } from "../support/sinks.js";

const PART_BYTES = 5 * MIB;

/** Bodies that all end at the same moment. */
function barrier(count: number): () => Promise<void> {
  let release: () => void = () => {};
  const open = new Promise<void>((resolve) => (release = resolve));
  let waiting = 0;
  return async () => {
    if (++waiting === count) release();
    await open;
  };
}

async function* endingTogether(bytes: Uint8Array, wait: () => Promise<void>) {
  yield* inChunks(bytes, MIB);
  await wait();
}

describe.each(["both", "put"] as const)("where conditions hold on %s", (createOnly) => {
  test.each([[[3, 3, 3]], [[6, 6, 6]], [[12, 1, 6, 1]]])(
    "of writers of %j MiB that end at once exactly one wins",
    async (sizes) => {
      const fake = await fakeSink({ createOnly }, { partBytes: PART_BYTES, createOnly });
      const sinks = await Promise.all(sizes.map(() => fake.open()));
      for (let round = 0; round < 4; round++) {
        const wait = barrier(sizes.length);
        const bodies = sizes.map((size, n) => pattern(size * MIB, n + 1));
        const puts = bodies.map((bytes, n) => sinks[n]?.put(`race ${round}`, endingTogether(bytes, wait)));
        const outcomes = await Promise.allSettled(puts);
        const won = outcomes.findIndex(({ status }) => status === "fulfilled");
        const lost = outcomes.filter((outcome) => outcome.status === "rejected" && hasCode(outcome.reason, "CONFLICT"));
        expect(lost).toHaveLength(sizes.length - 1);
        const bytes = await toBytes(fake.sink.read(`race ${round}`));
        expect(firstDifference(bytes, bodies[won] ?? new Uint8Array())).toBeUndefined();
      }
      expect(fake.bucket.uploads.size).toBe(0);
    },
  );

  test("a long body for a key that is taken is refused, and leaves nothing", async () => {
    const fake = await fakeSink({ createOnly }, { partBytes: PART_BYTES, createOnly });
    await fake.sink.put("a", inChunks(pattern(9), 9));
    await expect(fake.sink.put("a", inChunks(pattern(12 * MIB, 2), MIB))).rejects.toMatchObject({
      code: "CONFLICT",
      key: "a",
    });
    expect(fake.bucket.uploads.size).toBe(0);
    expect(firstDifference(await toBytes(fake.sink.read("a")), pattern(9))).toBeUndefined();
  });
});

test("where no condition holds, a taken key is seen before it is written", async () => {
  const fake = await fakeSink({ createOnly: "none" }, { createOnly: "keys are random" });
  await fake.sink.put("a", inChunks(pattern(9), 9));
  for (const size of [9, 20 * MIB]) {
    const put = fake.sink.put("a", inChunks(pattern(size, 2), MIB));
    await expect(put).rejects.toMatchObject({ code: "CONFLICT", key: "a" });
  }
  expect(firstDifference(await toBytes(fake.sink.read("a")), pattern(9))).toBeUndefined();
});

test("a body of any length is in memory two parts at a time", async () => {
  const fake = await fakeSink({}, { partBytes: PART_BYTES });
  let given = 0;
  let received = 0;
  let most = 0;
  fake.onRequest((request, { request: { body } }) => {
    if (request.includes("partNumber")) received += body.length;
    return undefined;
  });
  async function* body() {
    for (let n = 0; n < 60; n++) {
      given += MIB;
      most = Math.max(most, given - received);
      yield pattern(MIB, n);
    }
  }
  await fake.sink.put("a", body());
  expect(most).toBeLessThanOrEqual(2 * PART_BYTES + MIB);
});
