/** Whatever a session has been through, a catalogue that is made anew has it as it was. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { RebuildReport } from "../../../src/index.js";
import { copyOf } from "../../catalogues.js";
import type { World } from "../../support.js";
import { keysOf } from "../../support.js";
import { copyOfSink, histories, ID, isSafe, type Known, knownOf, lose, play, playOn } from "./histories.js";
import { contentOf, cutShort, DAMAGES, damageManifests, shuffled } from "./sinks.js";

const RUNS = { numRuns: Number(process.env["SESSION_ARCHIVER_HISTORIES"] ?? 150) };

async function rebuilt(next: World, before: readonly string[], quick = false): Promise<RebuildReport> {
  const report = await next.archiver.rebuild({ quick });
  expect(report.failures).toEqual([]);
  expect(await keysOf(next)).toEqual(expect.arrayContaining([...before]));
  return report;
}

/** A second time, nothing changes; and a gc takes nothing that is needed. */
async function staysSo(next: World): Promise<void> {
  const content = await contentOf(next);
  const known = await knownOf(next);
  expect(await next.archiver.rebuild()).toMatchObject({ made: [], merged: [], failures: [] });
  expect(await contentOf(next)).toEqual(content);
  expect((await next.archiver.gc({ graceDays: 0 })).refused).toBeNull();
  expect(await knownOf(next)).toEqual(known);
  if (known?.output !== undefined) await next.archiver.verify(ID);
}

test("with objects and blobs lost, a session that was archived is as it was, and any other as it was archived once", async () => {
  const law = fc.asyncProperty(histories, fc.boolean(), fc.nat(), async (steps, quick, order) => {
    const { w, outputs, wasSafe, last } = await play(steps);
    const next = lose(w, "both", shuffled(w.ports.archives, order));
    const { liveLost } = await rebuilt(next, await keysOf(w), quick);
    const known = await knownOf(next);
    if (last && isSafe(last)) {
      expect(known).toEqual(last);
      expect(liveLost).toEqual([]);
    } else if (last) {
      if (known || wasSafe) expect(liveLost).toEqual([ID]);
      if (known) expect(outputs).toContain(known.output);
    } else {
      expect(known).toBeUndefined();
      expect(liveLost).toEqual([]);
    }
    await staysSo(next);
  });
  await fc.assert(law, RUNS);
});

test("with the objects alone lost, live bytes and archives make up the same output", async () => {
  const law = fc.asyncProperty(histories, fc.nat(), async (steps, order) => {
    const { w, last } = await play(steps);
    const next = lose(w, "objects", shuffled(w.ports.archives, order));
    const before = await keysOf(w);
    const { liveLost } = await rebuilt(next, before);
    const known = await knownOf(next);
    if (known) {
      expect(known.output).toEqual(last?.output);
      expect(known.versions).toEqual(last?.versions);
      expect(liveLost).toEqual([]);
    }
    if (before.length > 0) expect(known).toBeDefined();
    await staysSo(next);
  });
  await fc.assert(law, RUNS);
});

test("with manifests lost, torn or swapped as well, all bytes come back; nothing that was given up does", async () => {
  const law = fc.asyncProperty(histories, fc.constantFrom(...DAMAGES), fc.nat(), async (steps, damage, seed) => {
    const { w, outputs, last } = await play(steps);
    await damageManifests(w.ports.archives, damage, seed);
    const next = lose(w, "both", shuffled(w.ports.archives, seed));
    await rebuilt(next, await keysOf(w));
    const known = await knownOf(next);
    if (last && isSafe(last) && last.output !== undefined) expect(allOf(known)).toEqual(new Set(allOf(last)));
    if (last?.info.purgedAt != null) expect(known?.info.purgedAt).toBe(last.info.purgedAt);
    if (!last) expect(known).toBeUndefined();
    if (known?.output !== undefined) expect(outputs).toContain(known.output);
    await staysSo(next);
  });
  await fc.assert(law, RUNS);
});

test("defect: a version that a purge has left, and whose manifest is torn, is readable", async () => {
  const { w, last } = await play(["append", "import of other lines", "archive", "prune", "purge"]);
  await damageManifests(w.ports.archives, "torn", 1);
  const next = lose(w, "both", w.ports.archives);
  await rebuilt(next, await keysOf(w));
  expect((await knownOf(next))?.versions).toEqual(last?.versions);
});

test("cut short at any write and run again, it comes to the same", async () => {
  const law = fc.asyncProperty(
    histories,
    fc.constantFrom("none" as const, ...DAMAGES),
    fc.constantFrom("objects" as const, "both" as const),
    fc.nat(),
    async (steps, damage, what, seed) => {
      const { w } = await play(steps);
      await damageManifests(w.ports.archives, damage, seed);
      const lost = async (): Promise<World> => lose(w, what, shuffled(await copyOfSink(w.ports.archives), seed));
      const whole = await lost();
      await whole.archiver.rebuild();
      const expected = await knownOf(whole);
      for (let at = 1; ; at++) {
        const next = await lost();
        const isCut = await cutShort(next, at, seed % 2 === 0, () => next.archiver.rebuild());
        if (!isCut) break;
        await rebuilt(next, await keysOf(w));
        expect(withoutNewKeys(await knownOf(next))).toEqual(withoutNewKeys(expected));
        await staysSo(next);
      }
    },
  );
  await fc.assert(law, { numRuns: Math.ceil(RUNS.numRuns / 3) });
});

test("a catalogue that was set back gets what was archived since, keeps its live bytes, and gives nothing up", async () => {
  const law = fc.asyncProperty(histories, histories, fc.nat(), async (before, since, order) => {
    const { w } = await play(before);
    const old = await copyOf(w);
    const mine = await knownOf(old);
    const { last } = await playOn(w, since);
    old.now = w.now + 1000;
    const next = lose(old, "nothing", shuffled(w.ports.archives, order));
    await rebuilt(next, await keysOf(w));
    const known = await knownOf(next).catch((error) => (isNamedGone(error) ? undefined : Promise.reject(error)));
    if (!known) return;
    if (last && isSafe(last))
      for (const text of allOf(last)) if (text !== undefined) expect(held(known, text)).toBe(true);
    if (mine && !isSafe(mine) && mine.output !== undefined) expect(held(known, mine.output)).toBe(true);
    expect(await next.archiver.rebuild()).toMatchObject({ made: [], merged: [], failures: [] });
  });
  await fc.assert(law, RUNS);
});

function allOf(known: Known | undefined): Set<string | undefined> {
  return new Set(known ? [known.output, ...known.versions] : []);
}

/** The older catalogue may name archives that the newer one has given up. */
function isNamedGone(error: unknown): boolean {
  return (error as { code?: string }).code === "CORRUPT";
}

function held(known: Known, text: string): boolean {
  return [...allOf(known)].some((one) => one?.startsWith(text));
}

/** Manifests that are made anew have keys of their own. */
function withoutNewKeys(known: Known | undefined): object | undefined {
  if (!known) return undefined;
  const { meta, archiveBytes: _, totalBytes: __, versions, ...info } = known.info;
  const title = meta["title"] ?? null;
  return { ...known, info: { ...info, title, versions: versions.map(({ rawBytes }) => rawBytes) } };
}
