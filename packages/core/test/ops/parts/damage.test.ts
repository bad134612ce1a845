/** Parts that are damaged or missing, and parts that no session names. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { withManifests } from "../../../src/format/inline-manifest.js";
import { bytesOf, toBytes } from "../../../src/index.js";
import { cutShortAnywhere, dieAt } from "../../faults.js";
import { runs } from "../../fuzz.js";
import { encode, jsonl, keysOf, linesOf, loseManifests, metaOf, readText, world } from "../../support.js";
import { append, fileOf, inParts, manifestKey, partKeys } from "./support.js";

const DAYS = { graceDays: 0 } as const;
const PIECES = [jsonl(60, 1), jsonl(20, 2), jsonl(5, 3), jsonl(1, 4)];

type Damage = (bytes: Uint8Array, at: number) => Uint8Array | undefined;

const DAMAGES: Readonly<Record<string, Damage>> = {
  missing: () => undefined,
  cut: (bytes, at) => bytes.subarray(0, Math.floor(bytes.length * at)),
  flipped: (bytes, at) => bytes.map((byte, i) => (i === Math.floor(bytes.length * at) ? byte ^ 1 : byte)),
};

const MANIFESTS: Readonly<Record<string, Damage>> = { ...DAMAGES, whole: (bytes) => bytes };

test("whatever happens to one part, the lines of the others come back in their order", async () => {
  const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      ...[fc.nat(PIECES.length - 1), fc.constantFrom(...Object.keys(DAMAGES)), place],
      ...[fc.constantFrom(...Object.keys(MANIFESTS)), place],
      async (which, how, at, manifest, manifestAt) => {
        const w = await inParts(PIECES);
        const harm = async (key: string, damage: Damage | undefined, where: number): Promise<void> => {
          const changed = damage?.((await toBytes(w.ports.archives.read(key))).slice(), where);
          await w.ports.archives.delete(key);
          if (changed) await w.ports.archives.put(key, bytesOf(changed));
        };
        await harm((await partKeys(w))[which] ?? "", DAMAGES[how], at);
        await harm(await manifestKey(w), MANIFESTS[manifest], manifestAt);
        const { files } = await w.archiver.salvage("s");
        expect(files[0]?.outcome).not.toBe("lost");
        await w.archiver.verify("s");
        const left = linesOf(await readText(w, "s"));
        expect(linesOf(PIECES.join("")).filter((line) => left.includes(line))).toEqual(left);
        for (const [i, piece] of PIECES.entries())
          if (i !== which) expect(left).toEqual(expect.arrayContaining(linesOf(piece)));
        const lost = (files[0]?.lostLines ?? []).reduce((sum, [from, to]) => sum + (to ?? 0) - from, 0);
        if (files[0]?.isExact) expect(lost).toBe(linesOf(PIECES.join("")).length - left.length);
      },
    ),
    runs(150),
  );
});

test("a part that was written before its archive was cut short is collected once the session holds its bytes", async () => {
  const calls = await cutShortAnywhere(
    async () => {
      const w = await inParts(PIECES.slice(0, 2));
      await append(w, PIECES[2] ?? "");
      return w;
    },
    (w) => w.archiver.archive("s"),
    async (w) => {
      expect(await readText(w, "s")).toBe(PIECES.slice(0, 3).join(""));
      await loseManifestsBut(w);
      await w.archiver.archive("s");
      expect((await w.archiver.gc(DAYS)).unknown.count).toBe(0);
      expect(await keysOf(w)).toEqual([...withManifests(await partKeys(w)), await manifestKey(w)].toSorted());
      expect(await readText(w, "s")).toBe(PIECES.slice(0, 3).join(""));
    },
  );
  expect(calls).toBeGreaterThan(3);
});

/** Of an archive that was cut short, the part's key alone says what it is. */
async function loseManifestsBut(w: Parameters<typeof manifestKey>[0]): Promise<void> {
  const named = await manifestKey(w);
  for (const key of await keysOf(w)) if (key.endsWith(".json") && key !== named) await w.ports.archives.delete(key);
}

test.each([
  ["other bytes at the same place", [PIECES[0], jsonl(20, 9)]],
  ["the same bytes at another place", [PIECES[3], PIECES[1]]],
  ["the same bytes behind other ones", [PIECES[0]?.replace('"1-0"', '"9-9"'), PIECES[1]]],
] as [string, string[]][])("a part with %s stays", async (_, pieces) => {
  const w = await inParts(PIECES.slice(0, 3));
  const [, second = ""] = await partKeys(w);
  const stranger = await inParts(pieces);
  const [, theirs = ""] = await partKeys(stranger);
  const key = theirs.replace(/^[0-9a-f]{12}/, second.slice(0, 12));
  expect(await partKeys(w)).not.toContain(key);
  await w.ports.archives.put(key, stranger.ports.archives.read(theirs));
  expect((await w.archiver.gc(DAYS)).unknown.keys).toEqual([key]);
});

test("without any manifest, a new catalogue finds the parts of one another", async () => {
  const w = await inParts(PIECES);
  await loseManifests(w);
  for (const quick of [true, false]) {
    const next = world({ archives: w.ports.archives });
    expect((await next.archiver.rebuild({ quick })).failures).toEqual([]);
    expect(await readText(next, "s")).toBe(PIECES.join(""));
    await next.archiver.verify("s");
  }
});

test("a manifest whose CRC of all is not that of its parts is not believed, not even by a quick rebuild", async () => {
  const w = await inParts(PIECES);
  const key = await manifestKey(w);
  const text = new TextDecoder().decode(await toBytes(w.ports.archives.read(key)));
  const { crc32 } = await fileOf(w);
  const changed = text.replace(`"crc32":${crc32},`, `"crc32":${crc32 ^ 1},`);
  expect(changed).not.toBe(text);
  await loseManifests(w);
  await w.ports.archives.put(key, bytesOf(encode(changed)));
  const next = world({ archives: w.ports.archives });
  expect((await next.archiver.rebuild({ quick: true })).failures).toEqual([]);
  expect(await readText(next, "s")).toBe(PIECES.join(""));
});

test("a part whose beginning is gone is never taken for the output, and is kept as a version", async () => {
  const w = await inParts(PIECES);
  const [, , third = ""] = await partKeys(w);
  await loseManifests(w);
  await w.ports.archives.delete(third);
  const next = world({ archives: w.ports.archives });
  expect((await next.archiver.rebuild()).failures).toEqual([]);
  expect(await readText(next, "s")).toBe(PIECES.slice(0, 2).join(""));
  const { versions } = await next.archiver.info("s");
  expect(versions).toHaveLength(1);
  expect(new TextDecoder().decode(await toBytes(next.archiver.read("s", { version: 1 })))).toBe(PIECES[3]);
});

test("a session that went on from a part whose beginning is gone comes back with its metadata, and with its beginning", async () => {
  const w = await inParts(PIECES.slice(0, 2));
  const [first = "", second = ""] = await partKeys(w);
  const lost = await toBytes(w.ports.archives.read(first));
  await loseManifests(w);
  await w.ports.archives.delete(first);
  const next = world({ archives: w.ports.archives, policy: { smallPartBytes: 0 } });
  await next.archiver.rebuild();
  await next.archiver.update("s", (meta) => ({ ...meta, title: "t" }));
  next.now += 5000;
  await append(next, PIECES[2] ?? "");
  await next.archiver.archive("s");
  expect(await partKeys(next)).toMatchObject([second, expect.any(String)]);
  for (const quick of [true, false]) {
    const again = world({ archives: w.ports.archives });
    expect(await again.archiver.rebuild({ quick })).toMatchObject({ failures: [], withVersions: [] });
    expect(await readText(again, "s")).toBe(PIECES.slice(1, 3).join(""));
    expect(await metaOf(again)).toMatchObject({ title: "t" });
  }
  await w.ports.archives.put(first, bytesOf(lost));
  for (const quick of [true, false]) {
    const again = world({ archives: w.ports.archives });
    expect(await again.archiver.rebuild({ quick })).toMatchObject({ failures: [], withVersions: ["s"] });
    expect(await readText(again, "s")).toBe(PIECES.slice(0, 2).join(""));
    const kept = new TextDecoder().decode(await toBytes(again.archiver.read("s", { version: 1 })));
    expect(kept).toBe(PIECES.slice(1, 3).join(""));
  }
});

test("a restore that was cut short anywhere gives all parts back", async () => {
  for (let at = 1; ; at++) {
    const w = await inParts(PIECES);
    const revive = dieAt(w, at);
    await w.archiver.restore("s").catch(() => {});
    const isDone = !revive();
    await w.archiver.settle("s");
    expect(await readText(w, "s")).toBe(PIECES.join(""));
    if (isDone) return;
  }
});
