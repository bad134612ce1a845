/**
 * However a pass is cut, and whatever is done to the sessions in between, its calls together verify every session, and
 * none that is known to be whole in this pass already.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { hasCode, type VerifyReport } from "../../../src/index.js";
import { lastFoundWhole } from "../../../src/session/known-whole.js";
import { jsonl, makeSession, metaOf, type World, world } from "../../support.js";
import { flipArchive } from "./support.js";

const IDS = ["a", "b", "c", "d", "e"] as const;
const ACTIONS = ["archive", "restore", "prune", "undoPrune", "append", "pin", "flip"] as const;

type Step = readonly [action: (typeof ACTIONS)[number], id: (typeof IDS)[number]];

async function act(w: World, [action, id]: Step): Promise<void> {
  const { archiver } = w;
  w.now += 1000;
  const work = {
    archive: () => archiver.archive(id),
    restore: () => archiver.restore(id),
    prune: () => archiver.pruneSession(id),
    undoPrune: () => archiver.undoPrune(id),
    pin: () => archiver.pin(id, true),
    flip: () => flipArchive(w, id),
    async append() {
      const recorder = archiver.recorder(id);
      await recorder.append("more\n");
      await recorder.close();
    },
  };
  // Many are refused in this or that state.
  await work[action]().catch(() => undefined);
}

/** One call, stopped at its n-th event. What it has verified is noted in `verified`, as long as nobody has noted it. */
async function call(w: World, stopAt: number, verified: string[]): Promise<VerifyReport | undefined> {
  const controller = new AbortController();
  let events = 0;
  const event = (): void => {
    w.now += 7;
    if (++events === stopAt) controller.abort();
  };
  const { put } = w.ports.objects;
  w.ports.objects.put = async (id, meta, ...rest) => {
    verified.push(id);
    return put(id, meta, ...rest);
  };
  try {
    const { signal } = controller;
    return await w.archiver.verifyAll(undefined, {
      resume: true,
      note: true,
      signal,
      onSession: event,
      onProgress: event,
    });
  } catch (error) {
    if (hasCode(error, "ABORTED")) return undefined;
    throw error;
  } finally {
    w.ports.objects.put = put;
  }
}

const since = async ({ ports }: World): Promise<number> =>
  Number((await ports.objects.ownMeta?.get())?.meta["verifyingSince"] ?? Number.POSITIVE_INFINITY);

const steps = fc.array(fc.tuple(fc.constantFrom(...ACTIONS), fc.constantFrom(...IDS)), { maxLength: 4 });
const cuts = fc.array(fc.record({ stopAt: fc.integer({ min: 1, max: 14 }), steps }), { maxLength: 6 });

test("every session is verified in a pass, and none twice", async () => {
  let finished = 0;
  let inParts = 0;
  await fc.assert(
    fc.asyncProperty(steps, cuts, async (before, parts) => {
      const w = world();
      for (const [n, id] of IDS.entries()) await makeSession(w, id, jsonl(3, n));
      for (const id of IDS.slice(0, 4)) await w.archiver.archive(id);
      for (const step of before) await act(w, step);
      let began = Number.POSITIVE_INFINITY;
      let calls = 0;
      for (const { stopAt, steps: between } of [...parts, { stopAt: 0, steps: [] }]) {
        w.now += 1000;
        if (calls === 0) began = w.now;
        const known = new Map(
          await Promise.all(IDS.map(async (id) => [id, lastFoundWhole(await metaOf(w, id))] as const)),
        );
        const verified: string[] = [];
        const report = await call(w, stopAt, verified);
        calls++;
        for (const id of verified) expect(known.get(id as (typeof IDS)[number]) ?? 0).toBeLessThan(began);
        expect(new Set(verified).size).toBe(verified.length);
        if (report) {
          const bad = new Set(report.bad.map(({ id }) => id));
          expect(report).toMatchObject({ complete: true, total: IDS.length, checked: verified.length + bad.size });
          const metas = await Promise.all(IDS.filter((id) => !bad.has(id)).map((id) => metaOf(w, id)));
          for (const meta of metas) expect(lastFoundWhole(meta)).toBeGreaterThanOrEqual(began);
          const archives = metas
            .filter((meta) => meta[KEY.archivedAt] !== undefined)
            .map((meta) => lastFoundWhole(meta));
          expect(report.knownWholeAt).toBe(archives.length > 0 ? Math.min(...archives.map(Number)) : null);
          expect(await since(w)).toBe(Number.POSITIVE_INFINITY);
          finished++;
          if (calls > 1) inParts++;
          calls = 0;
        } else expect(await since(w)).toBe(began);
        for (const step of between) await act(w, step);
      }
    }),
    { numRuns: 300 },
  );
  expect(finished).toBeGreaterThan(300);
  expect(inParts).toBeGreaterThan(100);
});
