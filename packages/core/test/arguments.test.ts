/** Wrong arguments and options are refused at once, the message says what is wrong, and nothing is changed. */
import { describe, expect, test } from "vitest";
import { type Archiver, toBytes } from "../src/index.js";
import { makeSession, readText, world } from "./support.js";

/** Right arguments before the options. */
const BEFORE: { readonly [Name in keyof Archiver]: readonly unknown[] } = {
  create: ["s", {}],
  update: ["s", (meta: unknown) => meta],
  archive: ["s"],
  restore: ["s"],
  read: ["s"],
  lines: ["s", { from: 0 }],
  tail: ["s", 1],
  since: ["s", 0],
  open: ["s"],
  openFiles: ["s"],
  openLines: ["s"],
  export: ["s"],
  info: ["s"],
  files: ["s"],
  list: [],
  listNewest: [],
  sweep: [],
  plan: [],
  prune: [],
  pruneSession: ["s"],
  undoPrune: ["s"],
  describe: ["s"],
  settle: ["s"],
  gc: [],
  remove: ["s"],
  forget: ["s"],
  undoForget: ["s"],
  catchUp: [],
  rebuild: [],
  examine: [],
  history: [],
  setBack: [],
  storeId: [],
  lacksCatalogue: [],
  verify: ["s"],
  verifyAll: [["s"]],
  salvage: ["s"],
  pin: ["s", true],
  import: ["s", { size: 0, read: async function* () {} }],
  mirror: ["s", [{ name: "output", source: { size: 0, read: async function* () {} } }]],
  recorder: ["s"],
  start: [],
};

const OPERATIONS = Object.entries(BEFORE);

const WRONG_OPTIONS: readonly (readonly [string, unknown, string])[] = [
  ["an unknown option", { nonsense: 1 }, "nonsense"],
  ["an option that every object has", { toString: 1 }, "toString"],
  ["no object", 5, "5"],
  ["null", null, "null"],
  ["an array", [], "an array"],
  ["no signal", { signal: {} }, "signal"],
];

/** Calls an operation as no type allows, and drains what it gives. */
async function call(archiver: Archiver, name: string, ...given: readonly unknown[]): Promise<unknown> {
  const result = (archiver as unknown as Record<string, (...given: readonly unknown[]) => unknown>)[name]?.(...given);
  if (typeof result !== "object" || result === null || !(Symbol.asyncIterator in result)) return result;
  for await (const _ of result as AsyncIterable<unknown>);
  return undefined;
}

const WRONG: readonly (readonly [string, readonly unknown[], string])[] = [
  ["create", ["s", 5], "create: the metadata must be an object, is 5"],
  ["update", ["s", { title: "x" }], "update must be a function, is an object"],
  ["sweep", [{ inactiveDays: "7" }], 'inactiveDays must be a number of at least 0, is "7"'],
  ["sweep", [{ maxTotalBytes: -1 }], "maxTotalBytes must be a number of at least 0, is -1"],
  ["sweep", [{ all: "no" }], 'all must be a boolean, is "no"'],
  ["plan", [{ graceDays: Number.NaN }], "graceDays must be a number of at least 0, is NaN"],
  ["prune", [{ olderThanDays: [] }], "olderThanDays must be a number of at least 0, is an array"],
  ["verify", ["s", { onProgress: true }], "onProgress must be a function, is true"],
  ["plan", [{ onProgress: () => {} }], 'no option "onProgress"'],
  ["prune", [{ maxBytes: 5 }], "it takes signal, maxTotalBytes, olderThanDays, graceDays"],
  ["gc", [{ unknown: true }], 'unknown must be "keep" or "delete", is true'],
  ["remove", ["s", { unknown: "all" }], 'unknown must be "keep" or "delete", is "all"'],
  ["restore", ["s", { keepArchive: null }], "keepArchive must be a boolean, is null"],
  ["pruneSession", ["s", { reason: {} }], "reason must be a string, is an object"],
  ["read", ["s", { range: 5 }], "range"],
  ["read", ["s", { range: { start: 0, length: 5 } }], "length"],
  ["read", ["s", { range: { start: "0" } }], "start"],
  ["read", ["s", { name: 5 }], "name must be a string"],
  ["lines", ["s"], "lines: the options must be an object, is undefined"],
  ["lines", ["s", { first: 1 }], 'no option "first"'],
  ["lines", ["s", { from: "1" }], "first line"],
  ["tail", ["s", "5"], "number of lines"],
  ["since", ["s", "2026-01-01"], "ms since 1970"],
  ["openLines", ["s", { cacheBytes: "1" }], "cacheBytes must be a number of at least 0"],
  ["export", ["s", { as: "zip" }], 'as must be "jsonl" or "gzip", is "zip"'],
  ["pin", ["s"], "must be a boolean, is undefined"],
  ["pin", ["s", "false"], "must be a boolean"],
  ["verifyAll", ["s"], 'must be an iterable of ids, is "s"'],
  ["verify", ["s", { note: "yes" }], 'note must be a boolean, is "yes"'],
  ["verify", ["s", { sample: 1 }], 'no option "sample"'],
  ["verifyAll", [undefined, { resume: 1, note: true }], "resume must be a boolean, is 1"],
  ["verifyAll", [undefined, { resume: true }], "resume needs note: true"],
  ["verifyAll", [["s"], { resume: true, note: true }], "resume is for the whole store"],
  ["verifyAll", [["s"], { sample: 1 }], "sample is for the whole store"],
  ["verifyAll", [undefined, { sample: 1, resume: true, note: true }], "give sample or resume, not both"],
  ["verifyAll", [undefined, { random: 4 }], "random must be a function, is 4"],
  ["verifyAll", [undefined, { onSession: {} }], "onSession must be a function, is an object"],
  ...[0, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, null, "", "5", "0%", "0.0%", "101%", "-1%", "1e1%", "5 %"].map(
    (sample) => ["verifyAll", [undefined, { sample }], "sample must be a whole number from 1 on, or a share"] as const,
  ),
  ["recorder", ["s", { create: [] }], "create must be an object, is an array"],
  ["recorder", ["s", { statsEveryMs: "1" }], "statsEveryMs"],
  ["recorder", ["s", { at: -1 }], "size in at"],
  ["start", [{ everyMs: 0 }], "everyMs must be more than 0"],
  ["start", [{ runExclusive: true }], "runExclusive must be a function, is true"],
];

describe.each(OPERATIONS)("%s", (name, before) => {
  test.each(WRONG_OPTIONS)("refuses %s", async (_, options, named) => {
    const w = world();
    await makeSession(w, "s", "a\n");
    const object = await w.ports.objects.get("s");
    const refused = expect((async () => call(w.archiver, name, ...before, options))()).rejects;
    await refused.toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining(named) });
    expect(await w.ports.objects.get("s")).toEqual(object);
    expect(await readText(w, "s")).toBe("a\n");
  });
});

test.each(OPERATIONS.filter(([, before]) => before[0] === "s"))("%s refuses what is no id", async (name, before) => {
  const { archiver } = world();
  for (const id of [undefined, 5, "", {}, ["s"]]) {
    const refused = expect((async () => call(archiver, name, id, ...before.slice(1)))()).rejects;
    await refused.toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining("session id") });
  }
});

test.each(WRONG)("%s(%j) says what is wrong", async (name, given, message) => {
  const w = world();
  await makeSession(w, "s", "a\n");
  const refused = expect((async () => call(w.archiver, name, ...given))()).rejects;
  await refused.toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining(message) });
});

test("undefined stands for an option that is not given", async () => {
  const w = world();
  await makeSession(w, "s", "a\n");
  const none = { signal: undefined, graceDays: undefined, maxTotalBytes: undefined, inactiveDays: undefined };
  await expect(w.archiver.sweep(none)).resolves.toMatchObject({ failedCount: 0 });
  await expect(w.archiver.info("s", undefined)).resolves.toMatchObject({ id: "s" });
  await expect(w.archiver.verifyAll(undefined, { signal: AbortSignal.any([]) })).resolves.toMatchObject({ checked: 1 });
});

test("bad arguments are INVALID_ARGUMENT and read nothing", async () => {
  const w = world();
  await makeSession(w, "s", "x\n");
  const calls = [
    toBytes(w.archiver.read("s", { range: { start: -1 } })),
    toBytes(w.archiver.read("s", { range: { start: 2, end: 1 } })),
    toBytes(w.archiver.lines("s", { from: 0.5 })),
    toBytes(w.archiver.lines("s", { from: 0, to: -1 })),
    toBytes(w.archiver.tail("s", Number.NaN)),
    toBytes(w.archiver.read("")),
    toBytes(w.archiver.read("\ud800")),
    w.archiver.sweep({ inactiveDays: -1 }),
    w.archiver.prune({ graceDays: Number.NaN }),
    w.archiver.gc({ graceDays: -1 }),
  ];
  for (const call of calls) await expect(call).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
