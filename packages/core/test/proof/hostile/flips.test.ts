/** Every single bit of an archive, flipped: the bytes come back right or not at all, whichever way they are asked for. */
import { describe, expect, test, vi } from "vitest";
import { nativeCodec } from "../../../src/index.js";
import { FUZZ } from "../../fuzz.js";
import { flip, strideFor } from "./changes.js";
import { inlineSample, open, samples } from "./samples.js";
import { tally, testTallies } from "./tallies.js";
import { outcomeOf, WAYS } from "./ways.js";

// Small archives of several segments.
vi.mock("../../../src/format/continued.js", () => import("../../format/as-before.js"));

const SAMPLES = await samples();
const NATIVE = nativeCodec();
const IN_FILES = "flipped bits of archive files, fflate";
const BY_STREAMS = "flipped bits of archive files, the platform's streams";
const IN_MANIFESTS = "flipped bits of manifests";
const MANIFEST_LOST = "flipped bits of archive files, manifest lost";
/** Ways that may read no more than an archive's last segments. */
const ENDS = ["tail", "range", "since", "numbered"];
const isManifest = (key: string): boolean => key.endsWith(".json");

describe.each([...SAMPLES, await inlineSample()])("$name", (sample) => {
  const files = [...sample.archives].filter(([key]) => !isManifest(key));
  const manifests = [...sample.archives].filter(([key]) => isManifest(key));
  const lost = Object.fromEntries(manifests.map(([key]) => [key, undefined]));

  test.each(WAYS)("$name, of a flipped archive file", async (way) => {
    const counts = tally(IN_FILES, ["refused", "right"]);
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
  });

  test.each(WAYS)("$name, of a flipped archive file, by the platform's streams", async (way) => {
    const counts = tally(BY_STREAMS, ["refused", "right"]);
    for (const [key, bytes] of files) {
      for (let bit = 0; bit < bytes.length * 8; bit += strideFor(bytes.length * 8, 25)) {
        const opened = await open(sample, { archives: { [key]: flip(bytes, bit) }, codec: NATIVE });
        counts.add(await outcomeOf(way, sample, opened));
      }
    }
  });

  // Damage to the manifest costs a scan of the archive, and nothing else.
  test.each(WAYS)("$name, with a flipped manifest", async (way) => {
    const counts = tally(IN_MANIFESTS, [way.name === "verify" ? "refused" : "right"]);
    for (const [key, bytes] of manifests) {
      for (let bit = 0; bit < bytes.length * 8; bit += strideFor(bytes.length * 8, way.name === "verify" ? 1e9 : 80)) {
        counts.add(await outcomeOf(way, sample, await open(sample, { archives: { [key]: flip(bytes, bit) } })));
      }
    }
  });

  // Two faults at once. Reads of the end alone can't prove what they give, and warn of that.
  test.each(WAYS)("$name, of a flipped archive file whose manifest is lost", async (way) => {
    const counts = tally(
      MANIFEST_LOST,
      ENDS.includes(way.name) ? ["refused", "right", "unproven"] : ["refused", "right"],
    );
    for (const [key, bytes] of files) {
      for (let bit = 0; bit < bytes.length * 8; bit += strideFor(bytes.length * 8, 60)) {
        const opened = await open(sample, { archives: { ...lost, [key]: flip(bytes, bit) } });
        counts.add(await outcomeOf(way, sample, opened));
      }
    }
  });
});

test.runIf(FUZZ > 1)("the larger run takes more bits", () => expect(strideFor(1000, 100)).toBeLessThan(10));

testTallies(IN_FILES, BY_STREAMS, IN_MANIFESTS, MANIFEST_LOST);
