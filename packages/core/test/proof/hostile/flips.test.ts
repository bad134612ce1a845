/** Every single bit of an archive, flipped: the bytes come back right or not at all, whichever way they are asked for. */
import { describe, expect, test } from "vitest";
import { nativeCodec } from "../../../src/index.js";
import { FUZZ, flip, open, outcomeOf, samples, strideFor, tally, WAYS } from "./support.js";

const SAMPLES = await samples();
const NATIVE = nativeCodec();
const isManifest = (key: string): boolean => key.endsWith(".json");

describe.each(SAMPLES)("$name", (sample) => {
  const files = [...sample.archives].filter(([key]) => !isManifest(key));
  const manifests = [...sample.archives].filter(([key]) => isManifest(key));
  const lost = Object.fromEntries(manifests.map(([key]) => [key, undefined]));

  test.each(WAYS)("$name, of a flipped archive file", async (way) => {
    const counts = tally("flipped bits of archive files");
    for (const [key, bytes] of files) {
      // A bounded run takes a part of the bits for what is slow, or reads as others do.
      const most = way.changes
        ? 150
        : ["range", "since", "numbered"].includes(way.name)
          ? 500
          : Number.POSITIVE_INFINITY;
      const stride = strideFor(bytes.length * 8, most);
      for (let bit = 0; bit < bytes.length * 8; bit += stride) {
        counts.add(await outcomeOf(way, sample, await open(sample, { archives: { [key]: flip(bytes, bit) } })));
      }
    }
    expect(counts.counts["unproven"]).toBeUndefined();
  });

  test.each(WAYS)("$name, of a flipped archive file, by the platform's streams", async (way) => {
    const counts = tally("flipped bits of archive files, by the platform's streams");
    for (const [key, bytes] of files) {
      for (let bit = 0; bit < bytes.length * 8; bit += strideFor(bytes.length * 8, 25)) {
        const opened = await open(sample, { archives: { [key]: flip(bytes, bit) }, codec: NATIVE });
        counts.add(await outcomeOf(way, sample, opened));
      }
    }
    expect(counts.counts["unproven"]).toBeUndefined();
  });

  // Damage to the manifest costs a scan of the archive, and nothing else.
  test.each(WAYS)("$name, with a flipped manifest", async (way) => {
    const counts = tally("flipped bits of manifests");
    for (const [key, bytes] of manifests) {
      for (let bit = 0; bit < bytes.length * 8; bit += strideFor(bytes.length * 8, way.name === "verify" ? 1e9 : 80)) {
        counts.add(await outcomeOf(way, sample, await open(sample, { archives: { [key]: flip(bytes, bit) } })));
      }
    }
    expect(Object.keys(counts.counts)).toEqual([way.name === "verify" ? "refused" : "right"]);
  });

  // Two faults at once. Reads of the end alone can't prove what they give, and warn of that.
  test.each(WAYS)("$name, of a flipped archive file whose manifest is lost", async (way) => {
    const counts = tally("flipped bits of archive files whose manifest is lost");
    for (const [key, bytes] of files) {
      for (let bit = 0; bit < bytes.length * 8; bit += strideFor(bytes.length * 8, 60)) {
        const opened = await open(sample, { archives: { ...lost, [key]: flip(bytes, bit) } });
        counts.add(await outcomeOf(way, sample, opened));
      }
    }
    if (!ENDS.includes(way.name)) expect(counts.counts["unproven"]).toBeUndefined();
  });
});

/** Ways that may read no more than an archive's last segments. */
const ENDS = ["tail", "range", "since", "numbered"];

test.runIf(FUZZ > 1)("the larger run takes more bits", () => expect(strideFor(1000, 100)).toBeLessThan(10));
