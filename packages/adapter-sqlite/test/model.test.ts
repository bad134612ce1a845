/** Random histories: whatever is done, a store in SQLite answers as one in memory does. */
import { type BlobRef, type Bytes, codeOf, type Meta, memoryPorts, type Ports, toBytes } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SqliteStore } from "../src/index.js";
import { all, inChunks, pattern } from "./support/bytes.js";
import { databaseFile, type Opened, ways } from "./support/stores.js";

/** What a client of the ports remembers, so that it can also act on what is out of date. */
interface Client {
  readonly ports: Ports;
  readonly versions: Map<string, string[]>;
  readonly refs: Map<string, BlobRef[]>;
}

type Step = (client: Client) => Promise<unknown>;

const id = fc.constantFrom("a", "ab", "b", "\0", "é", "e\u0301", "\ufeffa");
const name = fc.constantFrom("output", "side\0car");
const generation = fc.constantFrom("g1", "g2");
const time = fc.integer({ min: 1, max: 9 });
/** Sizes on both sides of where rows are folded and cut. */
const size = fc.oneof(fc.nat(600), fc.nat(70_000), fc.constantFrom(0, 65_535, 65_536, 131_072, 131_073, 300_000));
/** 0: what is known best; 1: what was known before. */
const age = fc.constantFrom(0, 0, 0, 1);
const offset = fc.nat(200_000);

const nth = <T>(list: readonly T[] | undefined, back: number): T | undefined => list?.at(-1 - back);
const remember = <T>(map: Map<string, T[]>, at: string, value: T): void => {
  map.set(at, [...(map.get(at) ?? []), value]);
};

function body(bytes: number, seed: number, fails: boolean): Bytes {
  return (async function* () {
    yield* inChunks(pattern(bytes, seed), 50_000);
    if (fails) throw new RangeError("body");
  })();
}

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ id, back: age, create: fc.boolean(), at: time, archived: fc.boolean() }).map(
    (s): Step =>
      async (c) => {
        const meta: Meta = { [KEY.lastActivity]: s.at, ...(s.archived && { [KEY.archivedAt]: s.at }) };
        const expected = s.create ? null : (nth(c.versions.get(s.id), s.back) ?? "none");
        remember(c.versions, s.id, await c.ports.objects.put(s.id, meta, expected));
      },
  ),
  fc.record({ id, back: age }).map(
    (s): Step =>
      (c) =>
        c.ports.objects.delete(s.id, nth(c.versions.get(s.id), s.back) ?? "none"),
  ),
  id.map(
    (s): Step =>
      async (c) =>
        (await c.ports.objects.get(s))?.meta,
  ),
  fc
    .record({ prefix: fc.constantFrom("a", "e"), lastActiveBefore: time, archived: fc.boolean() }, { requiredKeys: [] })
    .map(
      (query): Step =>
        async (c) =>
          (await all(c.ports.objects.list(query))).map((o) => o.id).sort(),
    ),
  fc.record({ id, name, generation, size, seed: fc.nat(9), fails: fc.boolean() }).map(
    (s): Step =>
      async (c) => {
        const ref = await c.ports.blobs.create({ id: s.id, name: s.name }, s.generation, body(s.size, s.seed, s.fails));
        remember(c.refs, s.id + s.name, ref);
        return ref;
      },
  ),
  fc.record({ id, name, back: age, size, seed: fc.nat(9) }).map(
    (s): Step =>
      async (c) => {
        const at = nth(c.refs.get(s.id + s.name), s.back);
        if (!at) return undefined;
        const ref = await c.ports.blobs.append(at, pattern(s.size, s.seed));
        remember(c.refs, s.id + s.name, ref);
        return ref;
      },
  ),
  fc.record({ id, name, back: age, start: offset, length: offset }).map(
    (s): Step =>
      async (c) => {
        const at = nth(c.refs.get(s.id + s.name), s.back);
        return at && toBytes(c.ports.blobs.read(at, { start: s.start, end: s.start + s.length }));
      },
  ),
  fc.record({ id, name, back: age }).map(
    (s): Step =>
      async (c) => {
        const at = nth(c.refs.get(s.id + s.name), s.back);
        return at && c.ports.blobs.delete(at);
      },
  ),
  id.map(
    (s): Step =>
      async (c) =>
        (await all(c.ports.blobs.list(s))).sort((a, b) => (a.key.name < b.key.name ? -1 : 1)),
  ),
  fc.record({ id, size, seed: fc.nat(9), fails: fc.boolean() }).map(
    (s): Step =>
      async (c) => {
        const info = await c.ports.archives.put(s.id, body(s.size, s.seed, s.fails));
        return { key: info.key, size: info.size };
      },
  ),
  fc.record({ id, start: offset, length: offset }).map(
    (s): Step =>
      (c) =>
        toBytes(c.ports.archives.read(s.id, { start: s.start, end: s.start + s.length })),
  ),
  id.map(
    (s): Step =>
      (c) =>
        c.ports.archives.delete(s),
  ),
  fc.constantFrom("", "a", "e").map(
    (prefix): Step =>
      async (c) =>
        (await all(c.ports.archives.list(prefix))).map((info) => info.key).sort(),
  ),
);

async function outcome(step: Step, client: Client): Promise<unknown> {
  try {
    return await step(client);
  } catch (error) {
    return codeOf(error) ?? error;
  }
}

const clientOf = (ports: Ports): Client => ({ ports, versions: new Map(), refs: new Map() });

describe.each(ways)("through %s", (_, open) => {
  test("random histories, with the store reopened and reclaimed at random", async () => {
    const file = databaseFile();
    let histories = 0;
    const step = fc.oneof(
      { weight: 20, arbitrary: steps },
      { weight: 1, arbitrary: fc.constantFrom("reopen", "reclaim") },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: "max" }), async (history) => {
        // Tables of its own for each history: a new file each would take most of the time.
        const options = { prefix: `h${histories++}_` };
        const model = clientOf(memoryPorts());
        let opened: Opened = await open(file, options);
        const real = { ...clientOf(opened.store) };
        const act = async (what: Step | string): Promise<void> => {
          if (what === "reclaim") await opened.store.reclaim();
          else if (typeof what === "string") {
            await opened.close();
            opened = await open(file, options);
            Object.assign(real, { ports: opened.store satisfies SqliteStore });
          } else expect(await outcome(what, real)).toEqual(await outcome(what, model));
        };
        try {
          for (const what of history) await act(what);
        } finally {
          await opened.close();
        }
      }),
      { numRuns: 40 },
    );
  });
});
