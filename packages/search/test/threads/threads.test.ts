/** Threads that share a search: here each is the other end of a port in this thread, so that tests can watch it. */
import { bytesOf } from "@session-archiver/core";
import { describe, expect, test, vi } from "vitest";
import { type SearchOptions, type SearchPort, search, serveSearch } from "../../src/index.js";
import { hitsOf, imported, said, type World, world } from "../search/support.js";

const SESSIONS = 36;
/** More than enough for threads to be worth it: sessions of 800 kB, of which every third has the words. */
const FILLING = "x".repeat(800_000);

async function large(): Promise<World> {
  const w = world();
  for (let i = 0; i < SESSIONS; i++) {
    const hits = Array.from({ length: i % 3 === 0 ? 40 : 0 }, (_, n) => said(`needle ${n}`, i * 100 + n));
    await imported(w, `s${i}`, [said(FILLING, i * 100), ...hits]);
    if (i % 2 === 0) await w.archiver.archive(`s${i}`);
  }
  return w;
}

interface Threads {
  readonly openPorts: () => readonly SearchPort[];
  /** Ids of the sessions that were searched beyond a port. */
  readonly served: readonly string[];
  /** Resolves when all have ended. */
  readonly ended: () => Promise<unknown>;
  /** What a thread does that ends at once. */
  readonly die: () => void;
}

function threads(w: World, number = 2): Threads {
  const served: string[] = [];
  const theirs: MessagePort[] = [];
  const ends: Promise<void>[] = [];
  const archiver = {
    ...w.archiver,
    openFiles: (...[id, options]: Parameters<World["archiver"]["openFiles"]>) => {
      served.push(id);
      return w.archiver.openFiles(id, options);
    },
  };
  return {
    served,
    openPorts: () =>
      Array.from({ length: number }, () => {
        const { port1, port2 } = new MessageChannel();
        theirs.push(port2);
        ends.push(serveSearch(archiver, port2));
        return port1;
      }),
    ended: () => Promise.all(ends),
    die: () => {
      for (const port of theirs) port.close();
    },
  };
}

const options: SearchOptions = { context: 1, perSession: 30 };

describe("a shared search", () => {
  test("finds and covers the same, in the same order", async () => {
    const w = await large();
    const alone = search(w.archiver, "needle", options);
    const expected = await hitsOf(alone);
    const { openPorts, served, ended } = threads(w);
    const shared = search(w.archiver, "needle", { ...options, openPorts });
    expect(await hitsOf(shared)).toEqual(expected);
    expect(expected.length).toBe((SESSIONS / 3) * 30);
    expect(shared.coverage).toEqual(alone.coverage);
    expect(served.length).toBeGreaterThan(5);
    expect(served.length).toBeLessThan(SESSIONS);
    await ended();
  });

  test("goes on without threads that end, from where they were", async () => {
    const w = await large();
    const expected = await hitsOf(search(w.archiver, "needle", options));
    const { openPorts, served, die } = threads(w);
    const shared = search(w.archiver, "needle", { ...options, openPorts });
    const found = [];
    for await (const hit of shared) {
      found.push(hit);
      if (served.includes(hit.session.id)) die();
    }
    expect(found).toEqual(expected);
    expect(shared.coverage).toMatchObject({ sessions: SESSIONS, isComplete: false });
  });

  test("goes on without a thread that finds what can't be passed on", async () => {
    const w = await large();
    const expected = await hitsOf(search(w.archiver, "needle", options));
    const odd = {
      ...w.archiver,
      openFiles: async (...[id, op]: Parameters<World["archiver"]["openFiles"]>) => {
        const opened = await w.archiver.openFiles(id, op);
        return { ...opened, info: { ...opened.info, facts: (() => {}) as never } };
      },
    };
    const { openPorts, ended } = threads({ ...w, archiver: odd });
    expect(await hitsOf(search(w.archiver, "needle", { ...options, openPorts }))).toEqual(expected);
    await ended();
  });

  test("notes what a thread can't read", async () => {
    const w = await large();
    for await (const { key } of w.ports.archives.list()) await w.ports.archives.delete(key);
    const { openPorts, served } = threads(w);
    const shared = search(w.archiver, "needle", { openPorts });
    await hitsOf(shared);
    expect(shared.coverage.unreadable.map(({ id }) => id).sort()).toEqual(
      Array.from({ length: SESSIONS / 2 }, (_, i) => `s${2 * i}`).sort(),
    );
    expect(shared.coverage.unreadable.some(({ id }) => served.includes(id))).toBe(true);
  });

  test("names what a thread could read past", async () => {
    const w = await large();
    for await (const { key } of w.ports.archives.list()) {
      if (!key.endsWith(".gz")) continue;
      const stored = Buffer.concat(await Array.fromAsync(w.ports.archives.read(key)));
      await w.ports.archives.delete(key);
      await w.ports.archives.put(key, bytesOf(stored.fill(0, 0, 1)));
    }
    const { openPorts, served } = threads(w);
    const shared = search(w.archiver, "needle", { openPorts, firstOnly: true });
    expect((await hitsOf(shared)).length).toBe(SESSIONS / 3);
    const { damaged, unreadable, isComplete } = shared.coverage;
    expect([damaged.length, unreadable, isComplete]).toEqual([SESSIONS / 2, [], true]);
    expect(damaged.some(({ id }) => served.includes(id))).toBe(true);
  });

  test.each<[string, (w: World, openPorts: Threads["openPorts"], seen: () => boolean) => Promise<void>]>([
    [
      "its consumer goes away",
      async (w, openPorts, seen) => {
        for await (const _ of search(w.archiver, "needle", { openPorts })) if (seen()) break;
      },
    ],
    [
      "it is aborted",
      async (w, openPorts, seen) => {
        const controller = new AbortController();
        const { signal } = controller;
        const read = async (): Promise<void> => {
          for await (const _ of search(w.archiver, "needle", { openPorts, signal })) if (seen()) controller.abort();
        };
        await expect(read()).rejects.toMatchObject({ code: "ABORTED" });
      },
    ],
    [
      "its limit is reached",
      async (w, openPorts) => {
        await hitsOf(search(w.archiver, "needle", { openPorts, limit: 150 }));
      },
    ],
  ])("lets its threads go when %s", async (_, run) => {
    const w = await large();
    const { openPorts, served, ended } = threads(w);
    await run(w, openPorts, () => served.length > 0);
    await ended();
    expect(served.length).toBeGreaterThan(0);
    expect(served.length).toBeLessThan(SESSIONS / 2);
  });

  test("reads no further than it may while its consumer waits", async () => {
    const w = await large();
    const { openPorts, served, ended } = threads(w);
    const hits = search(w.archiver, "needle", { openPorts })[Symbol.asyncIterator]();
    while (served.length === 0) await hits.next();
    for (let i = 0; i < 500; i++) await new Promise((resolve) => setImmediate(resolve));
    // Every third session fills its place with hits that wait.
    expect(served.length).toBeLessThan(SESSIONS / 2);
    await hits.return?.(undefined);
    await ended();
  });
});

test("a small search opens no port", async () => {
  const w = world();
  for (let i = 0; i < 30; i++) await imported(w, `s${i}`, [said("needle", i)]);
  const { openPorts } = threads(w);
  const opened = vi.fn(openPorts);
  expect((await hitsOf(search(w.archiver, "needle", { openPorts: opened }))).length).toBe(30);
  expect(opened).not.toHaveBeenCalled();
});
