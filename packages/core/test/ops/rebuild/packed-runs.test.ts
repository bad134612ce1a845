/** Runs that wait, deflated, for their share come back as they were. */
import { expect, test } from "vitest";
import { fflateCodec } from "../../../src/codec/fflate.js";
import { packRuns } from "../../../src/ops/rebuild/packed-runs.js";
import type { Run } from "../../../src/run-records/record.js";

test.each([0, 1, 20_000])("of %i changes", async (count) => {
  // Three bytes for each character, so that some piece ends within one.
  const changes = Array.from({ length: count }, (_, n) => ({
    id: `会話${n}`,
    change: "purged" as const,
    meta: { title: "名".repeat(n % 50) },
  }));
  const runs: readonly Run[] = [{ run: "0123456789abcdef", operation: "prune", at: 1, changes }];
  const packed = await packRuns(fflateCodec(), runs);
  expect(await packed.unpack()).toEqual(runs);
  expect(await packed.unpack()).toEqual(runs);
});

test("a codec may return a part of a buffer that it uses again", async () => {
  const codec = fflateCodec();
  const shared = new Uint8Array(1024);
  const reusing = {
    ...codec,
    async deflate(raw: Uint8Array) {
      const blocks = await codec.deflate(raw);
      shared.set(blocks);
      return shared.subarray(0, blocks.length);
    },
  };
  const runsOf = (id: string): readonly Run[] => [
    { run: id, operation: "pin", at: 1, changes: [{ id, change: "pinned" }] },
  ];
  const first = await packRuns(reusing, runsOf("first"));
  await packRuns(reusing, runsOf("second, and longer"));
  expect(await first.unpack()).toEqual(runsOf("first"));
});
