/** Archives that were cut off, added to, reordered or mixed up. */
import { describe, expect, test, vi } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { decodeManifest } from "../../../src/format.js";
import { ArchiverError } from "../../../src/index.js";
import { APART, makeSession, world } from "../../support.js";
import { strideFor } from "./changes.js";
import { ID, inlineSample, lines, open, type Sample, sampleOf, samples } from "./samples.js";
import { tally, testTallies } from "./tallies.js";
import { outcomeOf, WAYS, type Way } from "./ways.js";

// Small archives of several segments.
vi.mock("../../../src/format/continued.js", () => import("../../format/as-before.js"));

const SAMPLES = await samples();
const isManifest = (key: string): boolean => key.endsWith(".json");
const SLOW = 15;
const CUT = "archives and manifests cut off at every length";
const MOVED = "trailing bytes; bytes and segments moved about";
const MIXED_UP = "another session's or an earlier archive or manifest";

/** What came out, each once. */
async function tryAll(
  row: string,
  sample: Sample,
  changes: Iterable<Readonly<Record<string, Uint8Array | undefined>>>,
  ways: readonly Way[] = WAYS,
): Promise<readonly string[]> {
  const counts = tally(row, ["refused", "right"]);
  for (const archives of changes) {
    for (const way of ways) counts.add(await outcomeOf(way, sample, await open(sample, { archives })));
  }
  return counts.outcomes();
}

describe.each([...SAMPLES, await inlineSample()])("$name", (sample) => {
  const reading = WAYS.filter((way) => !way.changes);

  test("cut off at every length", async () => {
    for (const [key, bytes] of sample.archives) {
      const lengths = Array.from({ length: bytes.length }, (_, length) => length);
      const some = isManifest(key) ? lengths.filter((at) => at % strideFor(bytes.length, SLOW) === 0) : lengths;
      const cuts = some.map((length) => ({ [key]: bytes.subarray(0, length) }));
      await tryAll(CUT, sample, cuts, reading);
      await tryAll(
        CUT,
        sample,
        cuts.filter((_, at) => at % strideFor(cuts.length, SLOW) === 0),
      );
    }
  });

  test("with something behind its end", async () => {
    for (const [key, bytes] of sample.archives) {
      const behind = [
        Uint8Array.of(0),
        Uint8Array.of(0x20),
        bytes,
        new Uint8Array(70_000),
        ...[...sample.archives.values()].map((other) => other.subarray(0, 40)),
      ];
      await tryAll(
        MOVED,
        sample,
        behind.map((rest) => ({ [key]: Buffer.concat([bytes, rest]) })),
      );
    }
  });

  test("with bytes taken out, put in, or swapped", async () => {
    for (const [key, bytes] of sample.archives) {
      const changes: Record<string, Uint8Array>[] = [];
      for (let at = 0; at < bytes.length; at += strideFor(bytes.length, SLOW)) {
        const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
        changes.push(
          { [key]: Buffer.concat([before, behind.subarray(1)]) },
          { [key]: Buffer.concat([before, Uint8Array.of(0), behind]) },
          { [key]: Buffer.concat([behind, before]) },
          { [key]: Buffer.concat([before, new Uint8Array(behind.length)]) },
        );
      }
      await tryAll(MOVED, sample, changes, reading);
    }
  });
});

test("segments that changed places are refused", async () => {
  const sample = SAMPLES[1] as Sample;
  const [key, bytes] = [...sample.archives].find(([name]) => !isManifest(name)) ?? ["", new Uint8Array()];
  const [manifest, json] = [...sample.archives].find(([name]) => isManifest(name)) ?? ["", new Uint8Array()];
  const segments = decodeManifest(json, "m").files[0]?.segments ?? [];
  const partOf = ({ archiveOffset, archiveSize }: { archiveOffset: number; archiveSize: number }): Uint8Array =>
    bytes.subarray(archiveOffset, archiveOffset + archiveSize);
  const orders = segments.flatMap((_, a) => segments.flatMap((_, b) => (a < b ? [[a, b] as const] : [])));
  const swapped = orders.map(([a, b]) => {
    const order = segments.map(
      (_, i) => segments[i === a ? b : i === b ? a : i] ?? { archiveOffset: 0, archiveSize: 0 },
    );
    return Buffer.concat([bytes.subarray(0, 10), ...order.map(partOf), bytes.subarray(-10)]);
  });
  expect(swapped.length).toBe(10);
  const whole = WAYS.filter(({ name }) => ["read", "lines", "verify", "restore", "merge"].includes(name));
  await tryAll(
    MOVED,
    sample,
    swapped.map((other) => ({ [key]: other })),
  );
  // Segments that swap places have the CRC of the whole by no accident: without the manifest all of it is needed to tell.
  const outcomes = await tryAll(
    MOVED,
    sample,
    swapped.map((other) => ({ [key]: other, [manifest]: undefined })),
    whole,
  );
  expect(outcomes).toEqual(["refused"]);
});

test("a manifest or an archive of another session, or of an earlier state, is no help", async () => {
  const mine = world(APART);
  await makeSession(mine, ID, lines(4, 1));
  await mine.archiver.archive(ID);
  const before = await sampleOf("before", mine, lines(4, 1));
  await mine.archiver.recorder(ID).append(lines(2, 5));
  await mine.archiver.archive(ID);
  const after = await sampleOf("after", mine, lines(4, 1) + lines(2, 5));
  const other = world(APART);
  await makeSession(other, ID, lines(4, 9));
  await other.archiver.archive(ID);
  const foreign = await sampleOf("foreign", other, lines(4, 9));

  const current = [...after.archives.keys()].filter((key) => !before.archives.has(key));
  const swaps = [before, foreign].flatMap(({ archives }) =>
    current.flatMap((key) => [...archives.values()].map((bytes) => ({ [key]: bytes }))),
  );
  const both = [before, foreign].map(({ archives }) => {
    const of = (ending: string): Uint8Array | undefined =>
      [...archives].find(
        ([key]) => key.endsWith(ending) && (archives !== before.archives || !current.includes(key)),
      )?.[1];
    return Object.fromEntries(current.map((key) => [key, of(isManifest(key) ? ".json" : ".gz")]));
  });
  const outcomes = await tryAll(MIXED_UP, after, [...swaps, ...both]);
  expect(outcomes).toEqual(["refused", "right"]);
});

test("defect: an archive with much behind its end was read into memory beyond it", async () => {
  const sample = SAMPLES[0] as Sample;
  const [key, bytes] = [...sample.archives].find(([name]) => !isManifest(name)) ?? ["", new Uint8Array()];
  const manifest = String(sample.meta[KEY.manifestKey]);
  const { archiver, ports } = await open(sample, { archives: { [manifest]: undefined } });
  let given = 0;
  ports.archives.stat = async () => ({ key, size: bytes.length + 2 ** 40, createdAt: 1 });
  ports.archives.read = async function* (name, range) {
    if (name !== key) throw new ArchiverError("NOT_FOUND", "There is no manifest.");
    const end = Math.min(range?.end ?? Number.MAX_SAFE_INTEGER, bytes.length + 2 ** 24);
    for (let at = range?.start ?? 0; at < end; at += 65_536) {
      const length = Math.min(65_536, end - at);
      given += length;
      const piece = new Uint8Array(length);
      piece.set(bytes.subarray(at, at + length));
      yield piece;
    }
  };
  for (const way of WAYS.filter(({ changes }) => !changes)) {
    await outcomeOf(way, sample, { archiver, ports, events: [] });
  }
  expect(given).toBeLessThan(bytes.length * 10);
});

testTallies(CUT, MOVED, MIXED_UP);
