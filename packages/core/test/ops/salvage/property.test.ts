/**
 * Laws, under damage of any kind at any place: every line of an undamaged segment is there again, in order and byte for
 * byte; nothing is invented; the lines named as lost are those that are missing; the damaged bytes are kept; other
 * sessions stay as they are.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseKey, quarantineKey } from "../../../src/format/keys.js";
import type { Segment } from "../../../src/format/manifest.js";
import { decodeManifest } from "../../../src/format/manifest-decode.js";
import { countLines, toBytes } from "../../../src/format.js";
import { runs } from "../../fuzz.js";
import { jsonl, longLines, makeSession, readText, type World } from "../../support.js";
import { archived, keyAt, overwrite, sinkBytesOf, without } from "./support.js";

const TEXTS = [jsonl(60), longLines(900), longLines(2100, 2), longLines(3300, 3)];

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const damage = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), places: fc.array(place, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant("cut" as const), at: place }),
  fc.record({
    kind: fc.constant("overwrite" as const),
    at: place,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 4000 }),
  }),
  fc.record({ kind: fc.constant("foreign" as const), at: place, withIt: fc.constantFrom("part", "all") }),
  fc.record({ kind: fc.constant("missing" as const) }),
);
const manifest = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "whole" as const }) },
  fc.record({ kind: fc.constant("missing" as const) }),
  fc.record({ kind: fc.constant("torn" as const), at: place }),
  fc.record({ kind: fc.constant("foreign" as const) }),
);

type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;
type ManifestDamage = typeof manifest extends fc.Arbitrary<infer T> ? T : never;

function damaged(bytes: Uint8Array, how: Damage, other: Uint8Array): Uint8Array | undefined {
  const changed = bytes.slice();
  if (how.kind === "missing") return undefined;
  if (how.kind === "cut") return changed.subarray(0, Math.floor(bytes.length * how.at));
  if (how.kind === "flip") {
    for (const at of how.places.map((one) => Math.floor(one * bytes.length * 8)))
      changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
    return changed;
  }
  if (how.kind === "foreign" && how.withIt === "all") return other;
  const insert = how.kind === "foreign" ? other : how.bytes;
  const at = Math.floor(how.at * bytes.length);
  changed.set(insert.subarray(0, bytes.length - at), at);
  return changed;
}

async function damageManifest(w: World, how: ManifestDamage): Promise<void> {
  const key = await keyAt(w, "manifestKey");
  if (parseKey(key)?.manifestBytes !== undefined) return; // inline: the archive's damage is its own
  if (how.kind === "missing") await w.ports.archives.delete(key);
  const bytes = how.kind === "foreign" ? await toBytes(w.shown.read(await keyAt(w, "manifestKey", "t"))) : undefined;
  if (bytes) await overwrite(w, key, bytes);
  if (how.kind !== "torn") return;
  const old = await sinkBytesOf(w, key);
  await overwrite(w, key, old.subarray(0, Math.floor(old.length * how.at)));
}

/** The lines of the segments whose stored bytes are what they were. */
function undamaged(
  text: string,
  before: Uint8Array,
  after: Uint8Array | undefined,
  segments: readonly Segment[],
  headerBytes: number,
): string {
  const lines = text.match(/.*\n/g) ?? [];
  return segments
    .flatMap(({ archiveOffset, archiveSize, line }, i) => {
      const same = (one: number): boolean => before[one] === after?.[one];
      const isSame = Array.from({ length: archiveSize }, (_, at) => headerBytes + archiveOffset + at).every(same);
      return isSame ? lines.slice(line, segments[i + 1]?.line ?? lines.length) : [];
    })
    .join("");
}

/** Both headers are gone, and what is found without them ends within a line. */
const ENDS_WITHIN_A_LINE: [number, Damage, ManifestDamage] = [
  1,
  { kind: "flip", places: [0.03558792924037461, 0] },
  { kind: "torn", at: 0 },
];

test("any damage", { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(TEXTS.length - 1), damage, manifest, async (n, how, manifestHow) => {
      const text = TEXTS[n] ?? "";
      const w = await archived(text);
      await makeSession(w, "t", jsonl(80, 9));
      await w.archiver.archive("t");
      const [key, other] = [await keyAt(w, "archiveKey"), await keyAt(w, "archiveKey", "t")];
      const rows =
        decodeManifest(await toBytes(w.shown.read(await keyAt(w, "manifestKey"))), "m").files[0]?.segments ?? [];
      const before = await sinkBytesOf(w, key);
      const after = damaged(before, how, await sinkBytesOf(w, other));
      if (after) await overwrite(w, key, after);
      else await w.ports.archives.delete(key);
      await damageManifest(w, manifestHow);
      const damagedArchive = after && (await toBytes(w.shown.read(key)));
      const others = [await w.ports.objects.get("t"), await sinkBytesOf(w, other)];
      const isDamaged = await w.archiver.verify("s").then(
        () => false,
        () => true,
      );

      const foreseen = await w.archiver.salvage("s", { dryRun: true });
      const done = await w.archiver.salvage("s");
      expect(done).toEqual(foreseen);
      expect(done.outcome === "whole").toBe(!isDamaged);
      expect([await w.ports.objects.get("t"), await sinkBytesOf(w, other)]).toEqual(others);
      const [file] = done.files;
      const kept = undamaged(text, before, after, rows, parseKey(key)?.manifestBytes ?? 0);
      if (done.outcome === "lost") {
        expect(kept).toBe("");
        await expect(readText(w, "s")).rejects.toMatchObject({ code: "CORRUPT" });
        if (after) expect(await sinkBytesOf(w, key)).toEqual(after);
        return;
      }
      await w.archiver.verify("s");
      const bytes = await toBytes(w.archiver.read("s"));
      const now = new TextDecoder().decode(bytes);
      const info = await w.archiver.info("s");
      // Unproven bytes may end within a line, or hold a byte that a flip has made a newline or no character.
      expect(info.lineCount).toBe(countLines(bytes));
      expect(info.rawBytes).toBe(bytes.length);
      if (done.outcome !== "salvaged") {
        expect(now === text).toBe(true);
        return;
      }
      expect(await sinkBytesOf(w, quarantineKey(key) ?? "")).toEqual(damagedArchive);
      if (file?.unproven) {
        isWithin(kept, now);
        if (how.kind === "cut" || how.kind === "foreign") isWithin(now, text);
        return;
      }
      expect(now === kept).toBe(true);
      if (file?.isExact) expect(now === without(text, file.lostLines)).toBe(true);
    }),
    { ...runs(60), examples: [ENDS_WITHIN_A_LINE] },
  );
});

/** Whether all lines are there, in order. */
function isWithin(lines: string, text: string): void {
  let at = 0;
  for (const line of lines.match(/.*\n/g) ?? []) {
    const found = text.indexOf(line, at);
    expect(found, line).not.toBe(-1);
    at = found + line.length;
  }
}
