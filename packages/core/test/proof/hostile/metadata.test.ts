/**
 * Metadata that somebody else has written: it may cost its own session, but every operation ends in its work or with a
 * code, and nothing is read, written or deleted that belongs to another.
 */
import fc from "fast-check";
import { describe, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import type { Json, Meta } from "../../../src/index.js";
import { FUZZ, runs } from "../../fuzz.js";
import { KEYS, OPERATIONS, tryMeta, VALUES, victims, victimsKeys } from "./metadata.js";
import { samples } from "./samples.js";
import { testTallies } from "./tallies.js";

const SAMPLES = await samples();

describe.each(SAMPLES)("$name", (sample) => {
  test("every key with every wrong value", async () => {
    const some = VALUES.filter((_, i) => FUZZ > 1 || i % 6 === SAMPLES.indexOf(sample) * 2);
    for (const key of KEYS) for (const value of some) await tryMeta(sample, { ...sample.meta, [key]: value });
  });

  test("every property of an archived file with every wrong value", async () => {
    const [file, ...others] = sample.meta[KEY.archiveFiles] as Meta[];
    const some = VALUES.filter((_, i) => FUZZ > 1 || i % 6 === SAMPLES.indexOf(sample) * 2);
    for (const key of [...Object.keys(file ?? {}), "restoring"]) {
      for (const value of some) {
        await tryMeta(sample, { ...sample.meta, [KEY.archiveFiles]: [{ ...file, [key]: value }, ...others] as Json });
      }
    }
  });

  test("several wrong ones at once", async () => {
    const value = fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...KEYS), value), fc.boolean(), (wrong, whole) =>
        tryMeta(sample, { ...(whole ? sample.meta : {}), ...wrong }),
      ),
      runs(40),
    );
  });
});

test("the victim's whole metadata under another's id reads, deletes and keeps nothing of it", async () => {
  const [sample] = SAMPLES;
  if (!sample) throw new Error("no sample");
  for (const more of [{}, { [KEY.prunedAt]: 1 }, { [KEY.keptArchives]: victimsKeys, [KEY.condemned]: victimsKeys }]) {
    const { pinned: _, ...meta } = victims.meta as Meta & { pinned?: Json };
    await tryMeta(sample, { ...meta, [KEY.pinned]: null, ...more });
  }
});

testTallies(OPERATIONS);
