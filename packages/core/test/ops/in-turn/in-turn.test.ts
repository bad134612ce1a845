/** The laws of work on many sessions at once, whatever it weighs and however long it takes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Context } from "../../../src/context.js";
import { type ArchiverEvent, throwIfAborted } from "../../../src/index.js";
import { inTurn, type Jobs } from "../../../src/ops/in-turn.js";

const MIB = 1024 * 1024;

interface Item {
  readonly name: number;
  readonly id: string;
  readonly weight: number;
  /** Turns of the event loop before it is ready, and before it ends. */
  readonly slow: readonly [number, number];
  readonly outcome: "done" | "failed early" | "failed";
}

const items: fc.Arbitrary<readonly Item[]> = fc
  .array(
    fc.record({
      id: fc.constantFrom("a", "b", "c", ...Array.from({ length: 20 }, (_, n) => `s${n}`)),
      weight: fc.constantFrom(0, 1, MIB, 3 * MIB, 4 * MIB, 9 * MIB),
      slow: fc.tuple(fc.nat(3), fc.nat(3)),
      outcome: fc.constantFrom("done", "done", "done", "failed early", "failed"),
    }),
    { maxLength: 90 },
  )
  .map((all) => all.map((item, name) => ({ ...item, name }) as Item));

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

/** A context of which only events are used. */
function listening(told: string[]): Context {
  return { emit: (event: ArchiverEvent) => void told.push("id" in event ? `${event.id}` : "") } as unknown as Context;
}

function say(ctx: Context, what: string): void {
  ctx.emit({ type: "skipped", id: what, reason: "" });
}

test("results and events have the order of the items; no two are on one session, nor too many or too much at once", async () => {
  await fc.assert(
    fc.asyncProperty(items, async (all) => {
      const told: string[] = [];
      const held = new Set<string>();
      const running = new Set<Item>();
      const jobs: Jobs<Item, string> = {
        idOf: ({ id }) => id,
        async work(ctx, item, weighed) {
          expect(held).not.toContain(item.id);
          held.add(item.id);
          say(ctx, `begun ${item.name}`);
          await turns(item.slow[0]);
          if (item.outcome === "failed early") throw new RangeError();
          return weighed(item.weight, () => work(item));
        },
        failed(ctx, { name }) {
          say(ctx, `caught ${name}`);
        },
        turn: ({ name }) => void told.push(`turn ${name}`),
        done({ name, id }, result, error) {
          expect(error === undefined).toBe(result !== undefined);
          held.delete(id);
          told.push(`${result ?? "failed"} ${name}`);
        },
      };
      const work = async (item: Item): Promise<string> => {
        running.add(item);
        const weight = [...running].reduce((sum, one) => sum + one.weight, 0);
        expect(running.size === 1 || weight <= 4 * MIB).toBe(true);
        expect(running.size).toBeLessThanOrEqual(64);
        await turns(item.slow[1]);
        running.delete(item);
        if (item.outcome === "failed") throw new RangeError();
        return "done";
      };
      await inTurn(listening(told), all, jobs, {});
      const expected = all.flatMap(({ name, outcome }) => {
        const end = outcome === "done" ? [`done ${name}`] : [`caught ${name}`, `failed ${name}`];
        return [`turn ${name}`, `begun ${name}`, ...end];
      });
      expect(told).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

/** More than are ever under way. */
const MANY: readonly number[] = Array.from({ length: 200 }, (_, n) => n);

test.each(["begin", "work", "done"] as const)("an error that is thrown again in %s stops the rest", async (where) => {
  const begun: number[] = [];
  let underWay = 0;
  const fail = (name: number): void => {
    if (name === 3) throw new RangeError("full");
  };
  const jobs: Jobs<number, void> = {
    idOf: String,
    async work(_, name, weighed) {
      begun.push(name);
      if (where === "begin") fail(name);
      await weighed(0, async () => {
        underWay++;
        await turns(1);
        underWay--;
        if (where === "work") fail(name);
      });
    },
    failed(_, __, error) {
      throw error;
    },
    done: (name) => where === "done" && fail(name),
  };
  await expect(inTurn(listening([]), MANY, jobs, {})).rejects.toThrow("full");
  expect(underWay).toBe(0);
  // As many as may be under way, besides the three before it.
  expect(begun.length).toBeLessThanOrEqual(70);
});

test("after an abort nothing is begun, and what is ready does not work", async () => {
  const controller = new AbortController();
  const begun: number[] = [];
  const worked: number[] = [];
  const jobs: Jobs<number, void> = {
    idOf: String,
    async work(_, name, weighed) {
      begun.push(name);
      await turns(1);
      await weighed(3 * MIB, async () => void worked.push(name));
    },
    failed(_, __, error) {
      throw error;
    },
    done(name) {
      if (name === 1) controller.abort();
    },
  };
  const { signal } = controller;
  await expect(inTurn(listening([]), MANY, jobs, { signal })).rejects.toMatchObject({ code: "ABORTED" });
  expect(() => throwIfAborted(signal)).toThrow();
  expect(worked.length).toBeLessThan(10);
  expect(begun.length).toBeLessThan(MANY.length);
});
