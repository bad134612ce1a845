/** Events and progress: each call tells its own caller how far it is, and a listener that fails stops nothing. */
import { expect, onTestFinished, test } from "vitest";
import type { Progress } from "../src/index.js";
import { DAY, IDLE, jsonl, longLines, makeSession, NOW, type World, world } from "./support.js";

const TEXT = longLines(1300); // two segments

async function sessions(): Promise<World> {
  const w = world();
  for (const id of ["a", "b"]) {
    await makeSession(w, id, TEXT, { "session:last_activity_ms": NOW - 30 * DAY, "session:line_count": 1300 });
  }
  return w;
}

const SIZE = TEXT.length;

/** The events of each session. Each must have had all of them, in order. */
function told(all: readonly Progress[]): Record<string, string[]> {
  const operations: Record<string, string[]> = {};
  for (const { id, operation, bytes, totalBytes } of all) {
    const of = operations[id] ?? [];
    operations[id] = of.at(-1) === operation ? of : [...of, operation];
    expect(bytes).toBeLessThanOrEqual(totalBytes);
    expect(totalBytes).toBe(SIZE);
  }
  for (const [id, of] of Object.entries(operations)) {
    for (const operation of of) {
      const bytes = all.filter((one) => one.id === id && one.operation === operation).map((one) => one.bytes);
      expect(bytes).toEqual(bytes.toSorted((x, y) => x - y));
      expect(bytes.at(-1)).toBe(SIZE);
      expect(bytes.length).toBeGreaterThan(1);
    }
  }
  return operations;
}

const text = jsonl(5);

test.each<readonly [string, (w: World, onProgress: (progress: Progress) => void) => Promise<unknown>, object]>([
  ["archive", ({ archiver }, onProgress) => archiver.archive("a", { onProgress }), { a: ["archive"] }],
  ["sweep", ({ archiver }, onProgress) => archiver.sweep({ onProgress }), { a: ["archive"], b: ["archive"] }],
  ["verify", ({ archiver }, onProgress) => archiver.verify("a", { onProgress }), { a: ["verify"] }],
  [
    "verifyAll",
    ({ archiver }, onProgress) => archiver.verifyAll(["b", "a"], { onProgress }),
    { a: ["verify"], b: ["verify"] },
  ],
  [
    "restore",
    async ({ archiver }, onProgress) => {
      await archiver.archive("a");
      await archiver.restore("a", { onProgress });
    },
    { a: ["restore"] },
  ],
])("%s", async (_, run, expected) => {
  const w = await sessions();
  const all: Progress[] = [];
  await run(w, (progress) => all.push(progress));
  expect(told(all)).toEqual(expected);
  const operation = all[0]?.operation;
  const events = w.events.flatMap((event) =>
    event.type === "progress" && event.operation === operation ? [event] : [],
  );
  expect(events).toEqual(all.map((progress) => ({ type: "progress", ...progress })));
});

test("two calls at once get their own progress each", async () => {
  const { archiver } = await sessions();
  const a: Progress[] = [];
  const b: Progress[] = [];
  await Promise.all([
    archiver.archive("a", { onProgress: (progress) => a.push(progress) }),
    archiver.archive("b", { onProgress: (progress) => b.push(progress) }),
  ]);
  expect([told(a), told(b)]).toEqual([{ a: ["archive"] }, { b: ["archive"] }]);
});

test("a listener that throws, or rejects, breaks nothing", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  onTestFinished(() => void process.off("unhandledRejection", note));
  const failing: readonly ((progress: Progress) => void)[] = [
    () => {
      throw new Error("mine");
    },
    async () => {
      throw new Error("mine, later");
    },
  ];
  for (const onProgress of failing) {
    const { archiver } = await sessions();
    expect((await archiver.archive("a", { onProgress })).outcome).toBe("archived");
    expect((await archiver.sweep({ onProgress })).failedCount).toBe(0);
    expect((await archiver.verifyAll(undefined, { onProgress })).bad).toEqual([]);
    expect((await archiver.restore("a", { onProgress })).rawBytes).toBe(SIZE);
  }
  await new Promise(setImmediate);
  expect(unhandled).toEqual([]);
});

test("a listener that throws breaks nothing", async () => {
  const w = world({
    onEvent: () => {
      throw new Error("listener");
    },
  });
  await makeSession(w, "s", text, IDLE);
  expect((await w.archiver.sweep()).archivedCount).toBe(1);
});
