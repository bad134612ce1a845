/**
 * Manifests that lie, and metadata that vouches for them: an attacker who writes both can be wrong about line numbers, but makes
 * nobody take wrong bytes for right ones, and nothing crash.
 */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { crc32, decodeManifest } from "../../../src/format.js";
import type { Meta } from "../../../src/index.js";
import { FUZZ, runs } from "../../fuzz.js";
import { encode } from "../../support.js";
import { ID, type Opened, open, type Sample, samples } from "./samples.js";
import { tally, testTallies } from "./tallies.js";
import { outcomeOf, WAYS } from "./ways.js";

// Small archives of several segments.
vi.mock("../../../src/format/continued.js", () => import("../../format/as-before.js"));

const SAMPLES = await samples();
const WRONG_MANIFESTS = "manifests with wrong values or rows";
const NO_MANIFESTS = "values that are not a manifest";
const WRONG = [
  -1,
  0,
  0.5,
  1,
  2 ** 31,
  2 ** 53,
  2 ** 53 - 1,
  1e308,
  "1e999",
  "-0",
  '"1"',
  "null",
  "[]",
  "{}",
  "true",
  '""',
];

function manifestOf(sample: Sample): { readonly key: string; readonly text: string } {
  const key = String(sample.meta[KEY.manifestKey]);
  return { key, text: new TextDecoder().decode(sample.archives.get(key)) };
}

/** The sample with this manifest, and metadata that says it was committed. */
async function openWith(sample: Sample, content: Uint8Array): Promise<Opened> {
  const { key, text } = manifestOf(sample);
  const stored = Number(sample.meta[KEY.archiveBytes]) + content.length - encode(text).length;
  const meta: Meta = { ...sample.meta, [KEY.manifestCrc32]: crc32(content), [KEY.archiveBytes]: stored };
  return open(sample, { archives: { [key]: content }, meta });
}

/** Ways whose bytes a lie about lines can't change. */
const BYTES = WAYS.filter(({ name }) => name !== "lines" && name !== "numbered");

let turn = 0;

async function tryManifest(sample: Sample, content: Uint8Array): Promise<void> {
  const counts = tally(WRONG_MANIFESTS, ["refused", "right"]);
  // A bounded run takes the ways in turn, three at a time.
  const ways = FUZZ > 1 ? BYTES : BYTES.filter((_, i) => (i + turn) % 3 === 0);
  turn++;
  for (const way of ways) counts.add(await outcomeOf(way, sample, await openWith(sample, content)));
  // Of lines it may give the wrong ones, but none that aren't there.
  const { archiver } = await openWith(sample, content);
  try {
    let got = "";
    for await (const chunk of archiver.lines(ID, { from: 2, to: 4 })) got += new TextDecoder().decode(chunk);
    expect(sample.text).toContain(got);
    counts.add("right");
  } catch (error) {
    expect(error).toMatchObject({ code: "CORRUPT", message: expect.any(String) });
    counts.add("refused");
  }
}

/** The texts of a JSON value with each of its values (and then each of its keys' values) replaced by `by`. */
function* replacements(value: unknown, by: readonly (string | number)[]): Generator<string> {
  if (typeof value === "object" && value !== null) {
    for (const key of Object.keys(value)) {
      const part = (value as Record<string, unknown>)[key];
      const hole = "\u0000hole\u0000";
      const around = JSON.stringify(Array.isArray(value) ? value.with(Number(key), hole) : { ...value, [key]: hole });
      for (const inner of replacements(part, by)) yield around.replace(JSON.stringify(hole), () => inner);
    }
  }
  for (const wrong of by) yield String(wrong);
}

test.each(SAMPLES)("every value replaced by every wrong one: $name", async (sample) => {
  const { files, ...head } = JSON.parse(manifestOf(sample).text);
  // One file's first and last segment stand for all.
  const [first, ...others] = files;
  const kept = first.segments.length > 2 ? [0, first.segments.length - 1] : first.segments.keys();
  for (const at of kept) {
    for (const row of replacements(first.segments[at], WRONG)) {
      const rows = first.segments.map((other: unknown, i: number) => (i === at ? row : JSON.stringify(other)));
      const file = JSON.stringify({ ...first, segments: 0 }).replace('"segments":0', () => `"segments":[${rows}]`);
      const text = JSON.stringify({ ...head, files: 0 }).replace(
        '"files":0',
        () => `"files":[${[file, ...others.map((o: unknown) => JSON.stringify(o))]}]`,
      );
      await tryManifest(sample, encode(text));
    }
  }
  const { segments, ...plain } = first;
  for (const text of replacements({ ...head, files: [plain] }, ["2e53", "-1", '"x"', "null", "[]"])) {
    const whole = text.replace(/\}\]\}$/, () => `,"segments":${JSON.stringify(segments)}}]}`);
    await tryManifest(sample, encode(whole));
  }
});

test("rows that overlap, repeat, run backwards, are missing or too many", async () => {
  const sample = SAMPLES[1] as Sample;
  const manifest = JSON.parse(manifestOf(sample).text);
  const rows: readonly number[][] = manifest.files[0].segments;
  const [a = [], b = []] = rows;
  const others: readonly (readonly unknown[])[] = [
    [],
    rows.slice(1),
    rows.slice(0, -1),
    rows.toReversed(),
    [...rows, ...rows],
    [a, a, ...rows.slice(2)],
    [a, b.with(0, 12), ...rows.slice(2)],
    [a.with(1, (a[1] ?? 0) + (b[1] ?? 0)), ...rows.slice(2)],
    rows.map((row) => row.with(4, 0)),
    rows.map((row) => row.with(4, 2 ** 40)),
    rows.map((row, i) => row.with(4, 100 - i)),
    rows.map((row) => row.slice(0, 5)),
    rows.map((row) => [...row, "more", {}]),
    rows.map((row) => Object.fromEntries(row.entries())),
    Array.from({ length: 50_000 }, () => [10, 0, 0, 0, 0, 0, null]),
    [
      ...rows,
      ...Array.from({ length: 50_000 }, () => [
        manifest.files[0].storedBytes - 10,
        0,
        manifest.files[0].rawBytes,
        0,
        9,
        0,
      ]),
    ],
  ];
  for (const segments of others) {
    const content = encode(JSON.stringify({ ...manifest, files: [{ ...manifest.files[0], segments }] }));
    await tryManifest(sample, content);
  }
});

test("whatever bytes it is made of", async () => {
  const edit = fc.record({
    at: fc.nat(),
    length: fc.nat(12),
    by: fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.constantFrom(...WRONG.map(String), "[", "]", '"', "{}", ",").map(encode),
    ),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SAMPLES),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      async (sample, edits) => {
        let content: Uint8Array = encode(manifestOf(sample).text);
        for (const { at, length, by } of edits) {
          const start = at % content.length;
          content = Buffer.concat([content.subarray(0, start), by, content.subarray(start + length)]);
        }
        await tryManifest(sample, content);
      },
    ),
    runs(60),
  );
});

test("anything but a manifest is CORRUPT, in a short message", () => {
  const counts = tally(NO_MANIFESTS, ["refused"]);
  const decode = (bytes: Uint8Array): void => {
    try {
      decodeManifest(bytes, "m");
      counts.add("accepted");
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      expect([code, message.length < 2000]).toEqual(["CORRUPT", true]);
      counts.add("refused");
    }
  };
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map(encode),
        fc.jsonValue().map((v) => encode(JSON.stringify({ format: 1, id: "s", createdAt: 1, meta: {}, files: [v] }))),
      ),
      decode,
    ),
    runs(800),
  );
  const deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
  const long = JSON.stringify("x".repeat(1_000_000));
  const file =
    '"name":"n","key":"k","generation":"g","rawBytes":0,"storedBytes":20,"crc32":0,"storedCrc32":0,"lines":0,"newlines":0';
  const head = '"format":1,"createdAt":1,"meta":{}';
  for (const text of [
    deep,
    long,
    `{"format":${deep}}`,
    `{"format":${long}}`,
    `{${head},"id":${long},"files":[]}`,
    `{${head},"id":${deep},"files":[]}`,
    `{${head},"id":"s","files":${deep}}`,
    `{${head},"id":"s","files":[{${file},"segments":[${deep}]}]}`,
    `{${head},"id":"s","files":[{${file},"segments":[${long}]}]}`,
    `{${head},"id":"s","files":[{${file},"segments":[[${deep},1,1,1,1,1]]}]}`,
  ]) {
    decode(encode(text));
  }
});

test("metadata of a million levels in it is accepted", () => {
  const deep = `${'{"a":'.repeat(1_000_000)}1${"}".repeat(1_000_000)}`;
  const text = `{"format":1,"id":"s","createdAt":1,"meta":${deep},"files":[]}`;
  expect(decodeManifest(encode(text), "m")).toMatchObject({ id: "s", files: [] });
});

testTallies(WRONG_MANIFESTS, NO_MANIFESTS);
