/** Lists of the newest first: through a store's index or without one, they are what a sort of all sessions gives. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparePlaces, KEY } from "../../src/adapter.js";
import {
  ArchiverError,
  cursorAfter,
  type ListedSession,
  type ListNewestOptions,
  type Meta,
  type SessionFailure,
  type SessionInfo,
} from "../../src/index.js";
import { metadata } from "../metadata.js";
import { eventsOf, jsonl, makeSession, type World, world } from "../support.js";
import { record } from "./support.js";

/** With the index that memory keeps, and without one. */
const STORES = [
  ["with an index", world],
  ["without an index", withoutIndex],
] as const;

function withoutIndex(): World {
  const w = world();
  Object.assign(w.ports.objects, { listNewest: undefined });
  return w;
}

/** What a list shows of an `info`. */
function narrowed(info: SessionInfo): ListedSession {
  const {
    knownWholeAt: _,
    resumedAt: __,
    pruneReason: ___,
    purgedAt: ____,
    lost: _____,
    versions,
    salvaged,
    meta,
    ...session
  } = info;
  if (!info.facts) return session;
  const { state, ...values } = info.facts.values;
  const { by, version, bytes } = info.facts;
  return { ...session, facts: { by, version, ...(bytes === undefined ? {} : { bytes }), values } };
}

async function sortedList(w: World, failures: SessionFailure[] = []): Promise<readonly ListedSession[]> {
  const infos: SessionInfo[] = [];
  const onFailure = (failure: SessionFailure): void => void failures.push(failure);
  for await (const info of w.archiver.list({ from: "metadata", onFailure })) infos.push(info);
  return infos.sort(comparePlaces).map(narrowed);
}

async function newest(w: World, options?: ListNewestOptions): Promise<readonly ListedSession[]> {
  const sessions: ListedSession[] = [];
  for await (const session of w.archiver.listNewest(options)) sessions.push(session);
  return sessions;
}

const byId = ({ id: a }: SessionFailure, { id: b }: SessionFailure): number => (a < b ? -1 : 1);

/** Sessions in every state, among them some that are cut short or were never counted. */
async function everyState(make: () => World): Promise<World> {
  const w = make();
  for (const id of ["live", "archived", "resumed", "restored", "pruned", "purged", "cut"]) {
    await record(w, id, jsonl(4));
    w.now += 1000;
  }
  for (const id of ["archived", "resumed", "restored", "pruned", "purged"]) await w.archiver.archive(id);
  await record(w, "resumed", jsonl(2));
  await w.archiver.restore("restored");
  await w.archiver.pruneSession("purged");
  await w.archiver.prune({ graceDays: 0 });
  await w.archiver.pruneSession("pruned");
  await makeSession(w, "uncounted", jsonl(3), { [KEY.lastActivity]: w.now - 3500 });
  await w.archiver.create("empty");
  const { blobs } = w.ports;
  const remove = blobs.delete;
  blobs.delete = () => Promise.reject(new Error("gone"));
  await w.archiver.archive("cut").catch(() => {});
  blobs.delete = remove;
  return w;
}

describe.each(STORES)("%s", (_, make) => {
  test("lists sessions in every state as a list from metadata does, sorted", async () => {
    const w = await everyState(make);
    const expected = await sortedList(w);
    expect(expected).toHaveLength(9);
    expect(await newest(w)).toEqual(expected);
    expect(await newest(make())).toEqual([]);
  });

  test("lists whatever metadata there is as a list from metadata does, sorted; and the same in pages", async () => {
    const sessions = fc.uniqueArray(
      fc.tuple(fc.constantFrom("a", "b", "a/b", "A", "\uffff", "😀", "z", "é"), metadata),
      {
        selector: ([id]) => id,
      },
    );
    await fc.assert(
      fc.asyncProperty(sessions, fc.nat(8), fc.nat(8), async (stored, from, to) => {
        const w = make();
        for (const [id, meta] of stored) await w.ports.objects.put(id, JSON.parse(JSON.stringify(meta)), null);
        const [left, right]: [SessionFailure[], SessionFailure[]] = [[], []];
        const expected = await sortedList(w, left);
        expect(await newest(w, { onFailure: (failure) => right.push(failure) })).toEqual(expected);
        expect(right.sort(byId)).toEqual(left.sort(byId));
        const onFailure = (): void => {};
        for (const at of [from, to]) {
          const session = expected[at];
          const after = session && cursorAfter(session);
          expect(await newest(w, { after, onFailure })).toEqual(expected.slice(session ? at + 1 : 0));
        }
        const prefixed = expected.filter(({ id }) => id.startsWith("a"));
        expect(await newest(w, { prefix: "a", onFailure })).toEqual(prefixed);
      }),
      { numRuns: 200 },
    );
  });

  test("pages give once what keeps its place, whatever comes and goes between them", async () => {
    const change = fc.record({ id: fc.nat(30), at: fc.option(fc.integer({ min: 1, max: 9 })) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 }),
        fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        async (times, changes, size) => {
          const w = make();
          const put = async (id: string, at: number | null): Promise<void> => {
            const found = await w.ports.objects.get(id);
            if (at === null) return found && w.ports.objects.delete(id, found.version);
            const meta: Meta = { [KEY.lastActivity]: at, [KEY.archivedAt]: 1 };
            await w.ports.objects.put(id, meta, found?.version ?? null);
          };
          const moved = new Set<string>();
          for (const [n, at] of times.entries()) await put(`s${n}`, at);
          const before = (await newest(w)).map(({ id }) => id);
          const seen: string[] = [];
          for (let after: string | undefined; ; ) {
            const page: ListedSession[] = [];
            for await (const session of w.archiver.listNewest({ after })) if (page.push(session) === size) break;
            seen.push(...page.map(({ id }) => id));
            const last = page[size - 1];
            if (!last) break;
            after = cursorAfter(last);
            for (const { id, at } of changes.shift() ?? []) {
              moved.add(`s${id}`);
              await put(`s${id}`, at);
            }
          }
          const stayed = (id: string): boolean => !moved.has(id);
          expect(seen.filter(stayed)).toEqual(before.filter(stayed));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("tells of sessions that can't be looked at, and lists the others in order", async () => {
    const w = make();
    for (const [n, id] of ["a", "far", "z"].entries())
      await makeSession(w, id, jsonl(1), { [KEY.lastActivity]: 9 - n });
    await w.ports.objects.put("broken", { [KEY.archivedAt]: 5, [KEY.archiveFiles]: 7, [KEY.settlingAt]: 5 }, null);
    const { blobs } = w.ports;
    const { list } = blobs;
    blobs.list = (id, op) => {
      if (id === "far") throw new ArchiverError("UNAVAILABLE", "The store can't be reached.", { id });
      return list(id, op);
    };
    const failures: SessionFailure[] = [];
    const ids = (await newest(w, { onFailure: (failure) => failures.push(failure) })).map(({ id }) => id);
    expect(ids).toEqual(["a", "z"]);
    expect(failures.sort(byId)).toMatchObject([
      { id: "broken", code: "CORRUPT" },
      { id: "far", code: "UNAVAILABLE" },
    ]);
    await expect(newest(w)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test("a session that is too long for a list is read whole", async () => {
    const w = make();
    const facts = { by: "x", version: 1, values: { title: "long ".repeat(2000) } };
    await w.ports.objects.put("long", { [KEY.lastActivity]: 7, [KEY.archivedAt]: 8, [KEY.facts]: facts }, null);
    expect(await newest(w)).toMatchObject([{ id: "long", lastActivityMs: 7, state: "archived", facts }]);
  });
});

test("a list from an index reads no blob, no object, and no more than it is asked for", async () => {
  const w = world();
  for (let n = 0; n < 50; n++)
    await w.ports.objects.put(`s${n}`, { [KEY.archivedAt]: 1, [KEY.lastActivity]: n + 1 }, null);
  const refuse = (): never => expect.fail("Only the index may be read.");
  Object.assign(w.ports.blobs, { list: refuse });
  Object.assign(w.ports.objects, { get: refuse, list: refuse });
  const ids: string[] = [];
  for await (const { id } of w.archiver.listNewest()) if (ids.push(id) === 2) break;
  expect(ids).toEqual(["s49", "s48"]);
});

test("an uncounted session that is written to meanwhile stays in its place", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(1), { [KEY.lastActivity]: 5 });
  await makeSession(w, "t", jsonl(1), { [KEY.lastActivity]: 4 });
  const { blobs, objects } = w.ports;
  const { list } = blobs;
  blobs.list = (id, op) => {
    blobs.list = list;
    return (async function* () {
      const object = (await objects.get("s")) ?? expect.fail();
      await objects.put("s", { ...object.meta, [KEY.lastActivity]: 1 }, object.version);
      yield* list(id, op);
    })();
  };
  expect((await newest(w)).map(({ id, lastActivityMs }) => [id, lastActivityMs])).toEqual([
    ["s", 5],
    ["t", 4],
  ]);
});

test("cursors hold no other characters than letters, digits, - and _, for any id", async () => {
  const id = fc.string({ unit: "binary", minLength: 1, maxLength: 20 }).filter((text) => text.isWellFormed());
  await fc.assert(
    fc.asyncProperty(id, fc.option(fc.constantFrom(1, 2.5, 1.8e18)), async (name, at) => {
      const w = world();
      await w.ports.objects.put(name, { [KEY.archivedAt]: 1, [KEY.lastActivity]: at }, null);
      await w.ports.objects.put("{", { [KEY.archivedAt]: 1 }, null).catch(() => {});
      const [first] = await newest(w);
      const after = cursorAfter(first ?? expect.fail());
      expect(after).toMatch(/^[\w-]+$/);
      expect((await newest(w, { after })).map((session) => session.id)).not.toContain(first?.id);
    }),
  );
});

test.each([
  "",
  "x",
  "W10",
  "{}",
  "é",
  btoa('[2,5,"a"]'),
  btoa('[1,0,"a"]'),
  btoa('[1,"5","a"]'),
  btoa("[1,5]"),
  btoa('[1,5,""]'),
])("%j is no cursor", async (after) => {
  await expect(newest(world(), { after })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: "No list gave this cursor. Begin the list anew.",
  });
});

test("from where the index of a store is damaged, all objects are read instead, and it is said", async () => {
  const w = world();
  for (const id of ["a", "b", "c", "d"]) await makeSession(w, id, jsonl(2));
  const whole = await newest(w);
  expect(whole).toHaveLength(4);
  const { objects } = w.ports;
  const undamaged = objects.listNewest?.bind(objects);
  Object.assign(objects, {
    async *listNewest(...given: Parameters<NonNullable<typeof undamaged>>) {
      let left = 2;
      for await (const one of undamaged?.(...given) ?? []) {
        if (left-- === 0) throw new ArchiverError("CORRUPT", "The index is damaged.");
        yield one;
      }
    },
  });
  expect(await newest(w)).toEqual(whole);
  expect(eventsOf(w, "warning")).toMatchObject([{ code: "CORRUPT", message: "The index is damaged." }]);
});
