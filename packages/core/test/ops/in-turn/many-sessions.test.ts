/** What goes over many sessions works on many at once, and tells of them in the order in which it would one by one. */
import { expect, test } from "vitest";
import { sessionIdOf } from "../../../src/format.js";
import { ArchiverError, throwIfAborted } from "../../../src/index.js";
import { COUNT, ids, OPERATIONS, runOn } from "./support.js";

interface Counts {
  readonly prunedCount?: number;
  readonly purgedCount?: number;
  readonly checked?: number;
  readonly made?: readonly string[];
  readonly keys?: readonly string[];
}

const ALL = Object.entries(OPERATIONS);

/** Runs several turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

test.each(ALL)("%s: all are at work at once, and no calls of one session overlap with others of it", async (_, one) => {
  const waiting = new Set<string>();
  let open: () => void = () => undefined;
  const isFull = new Promise<void>((resolve) => {
    open = resolve;
  });
  const running = new Set<string>();
  await runOn(one, await one.prepare(), async (id) => {
    expect(running).not.toContain(id);
    running.add(id);
    waiting.add(id);
    if (waiting.size === COUNT) open();
    // Never resolves if they come one by one.
    await isFull;
    running.delete(id);
  });
  expect([...waiting].sort()).toEqual(ids);
});

test.each(ALL)(
  "%s: the report and the events are in the order of the sessions, whichever ends first",
  async (_, one) => {
    const inOrder = await runOn(one, await one.prepare(), async () => undefined);
    const seen = new Map<string, number>();
    const { report, events, failed } = await runOn(one, await one.prepare(), async (id) => {
      const place = seen.get(id) ?? seen.size;
      seen.set(id, place);
      await turns(COUNT - place);
    });
    expect(failed).toEqual(inOrder.failed);
    expect(withoutNonces(events)).toEqual(withoutNonces(inOrder.events));
    expect(withoutNonces(report)).toEqual(withoutNonces(inOrder.report));
  },
);

/** Random parts of keys, and the store's id, differ from run to run. */
function withoutNonces(told: object): string {
  return JSON.stringify(told, undefined, 1).replace(/[0-9a-f]{16}|[0-9a-f]{12}(\/[0-9a-f]{2})?/g, "*");
}

test.each(ALL)("%s: after an abort nothing is begun, and once it has rejected nothing goes on", async (name, one) => {
  const controller = new AbortController();
  const { signal } = controller;
  const begun = new Set<string>();
  let calls = 0;
  const w = await one.prepare();
  const run = runOn(
    one,
    w,
    async (id) => {
      calls++;
      begun.add(id);
      if (begun.size === 4) controller.abort();
      await turns(2);
      throwIfAborted(signal);
    },
    signal,
  );
  await expect(run).rejects.toMatchObject({ code: "ABORTED" });
  const after = calls;
  await turns(20);
  expect(calls).toBe(after);
  expect(begun.size, name).toBeLessThan(COUNT);
});

test.each(ALL)("%s: the failure of one leaves the others", async (name, one) => {
  const [, , lost = ""] = ids;
  const { failed, report, events } = await runOn(one, await one.prepare(), async (id) => {
    if (id === lost) throw new ArchiverError("CORRUPT", "It is damaged.", { id });
  });
  const others = ids.filter((id) => id !== lost);
  const { prunedCount, purgedCount, checked, made, keys } = report as Counts;
  if (name === "gc") expect(events).toContain(`warning ${lost}`);
  else expect(failed).toEqual([lost]);
  if (name === "prune") expect(prunedCount).toBe(COUNT - 1);
  if (name === "purge") expect(purgedCount).toBe(COUNT - 1);
  if (name.startsWith("verify")) expect(checked).toBe(COUNT);
  if (name === "rebuild") expect(made?.toSorted()).toEqual(others);
  if (name === "gc") expect(keys?.map((key) => sessionIdOf(key))).toEqual(others.flatMap((id) => [id, id]));
});
