/** Which calls share a sync: none counts a sync that began before its change, and all that wait share the next. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { shareSyncs } from "../src/shared-sync.js";

/** A directory whose changes are numbered, and whose syncs end when the test ends them. */
function fakeDisk() {
  const begun: { readonly path: string; readonly covers: number; end(error?: Error): void }[] = [];
  const changed = new Map<string, number>();
  const durable = new Map<string, number>();
  const running = new Set<string>();
  let overlapped = false;
  const sync = (path: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const covers = changed.get(path) ?? 0;
      overlapped ||= running.has(path);
      running.add(path);
      begun.push({
        path,
        covers,
        end(error) {
          running.delete(path);
          if (error) return reject(error);
          durable.set(path, Math.max(covers, durable.get(path) ?? 0));
          resolve();
        },
      });
    });
  return {
    begun,
    sync,
    overlapped: () => overlapped,
    change: (path: string): number => changed.set(path, (changed.get(path) ?? 0) + 1).get(path) ?? 0,
    durable: (path: string): number => durable.get(path) ?? 0,
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a sync that began before the change doesn't count, and all that wait share the next", async () => {
  const disk = fakeDisk();
  const syncDirectory = shareSyncs(disk.sync);
  const done: string[] = [];
  const first = syncDirectory("d").then(() => done.push("first"));
  const others = ["a", "b", "c"].map((name) => syncDirectory("d").then(() => done.push(name)));
  expect(disk.begun).toHaveLength(1);
  disk.begun[0]?.end();
  await first;
  await turn();
  expect(done).toEqual(["first"]);
  expect(disk.begun).toHaveLength(2);
  const late = syncDirectory("d").then(() => done.push("late"));
  disk.begun[1]?.end();
  await Promise.all(others);
  await turn();
  expect(done).toEqual(["first", "a", "b", "c"]);
  disk.begun[2]?.end();
  await late;
  expect(disk.begun).toHaveLength(3);
});

test("a failed sync fails the calls that shared it, and no others", async () => {
  const disk = fakeDisk();
  const syncDirectory = shareSyncs(disk.sync);
  const first = syncDirectory("d");
  const second = [syncDirectory("d"), syncDirectory("d")];
  disk.begun[0]?.end(new RangeError("first"));
  await expect(first).rejects.toThrow("first");
  await turn();
  const third = syncDirectory("d");
  disk.begun[1]?.end(new RangeError("second"));
  for (const each of second) await expect(each).rejects.toThrow("second");
  await turn();
  disk.begun[2]?.end();
  await third;
});

test("in any order of changes and syncs, what has resolved is durable, and no two syncs of a directory overlap", async () => {
  const step = fc.oneof(
    fc.record({ ask: fc.constantFrom("d", "e") }),
    fc.record({ end: fc.nat(4), fails: fc.boolean() }),
    fc.constant("turn" as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const disk = fakeDisk();
      const syncDirectory = shareSyncs(disk.sync);
      const asked: Promise<void>[] = [];
      const open = [...disk.begun];
      let seen = 0;
      const next = (which: number, fails: boolean): void => {
        open.push(...disk.begun.slice(seen));
        seen = disk.begun.length;
        const [ending] = open.splice(which % Math.max(1, open.length), 1);
        ending?.end(fails ? new RangeError("disk") : undefined);
      };
      for (const each of steps) {
        if (each === "turn") await turn();
        else if ("ask" in each) {
          const number = disk.change(each.ask);
          asked.push(
            syncDirectory(each.ask).then(
              () => expect(disk.durable(each.ask)).toBeGreaterThanOrEqual(number),
              (error: unknown) => expect(error).toBeInstanceOf(RangeError),
            ),
          );
        } else next(each.end, each.fails);
      }
      const all = Promise.all(asked);
      let settled = false;
      void all.finally(() => (settled = true)).catch(() => undefined);
      for (let ends = 0; !settled && ends < 200; ends++) {
        await turn();
        next(0, false);
        await turn();
      }
      expect(settled).toBe(true);
      await all;
      expect(disk.overlapped()).toBe(false);
    }),
  );
});
