/** A search that is stopped stops reading; one that meets damage goes on. */
import { bytesOf, type Ports } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { search } from "../../src/index.js";
import { hitsOf, imported, said, type World, world } from "./support.js";

const SESSIONS = 60;

/** Sessions of which each has hits, and how many archives are read. */
async function many(): Promise<World & { readonly reads: () => number; readonly open: () => number }> {
  let reads = 0;
  let open = 0;
  const count = (ports: Ports): Ports => ({
    ...ports,
    archives: {
      ...ports.archives,
      async *read(...args) {
        reads++;
        open++;
        try {
          yield* ports.archives.read(...args);
        } finally {
          open--;
        }
      },
    },
  });
  const w = world(count);
  for (let i = 0; i < SESSIONS; i++) {
    await imported(
      w,
      `s${i}`,
      Array.from({ length: 50 }, (_, n) => said(`needle ${n}`, i * 100 + n)),
    );
    await w.archiver.archive(`s${i}`);
  }
  reads = 0;
  return { ...w, reads: () => reads, open: () => open };
}

describe("reads no more than it needs", () => {
  test("with a limit", async () => {
    const w = await many();
    expect((await hitsOf(search(w.archiver, "needle", { limit: 1 }))).length).toBe(1);
    expect(w.reads()).toBeLessThan(10);
    expect(w.open()).toBe(0);
  });

  test("if the consumer goes away", async () => {
    const w = await many();
    for await (const hit of search(w.archiver, "needle")) if (hit.line === 3) break;
    const reads = w.reads();
    expect(reads).toBeLessThan(10);
    expect(w.open()).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(w.reads()).toBe(reads);
  });

  test("if the consumer waits", async () => {
    const w = await many();
    const hits = search(w.archiver, "needle")[Symbol.asyncIterator]();
    await hits.next();
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(w.reads()).toBeLessThan(10);
    await hits.return?.(undefined);
    expect(w.open()).toBe(0);
  });

  test("of sessions that the filter leaves out, nothing", async () => {
    const w = await many();
    await hitsOf(search(w.archiver, "needle", { filter: { projects: ["elsewhere"] } }));
    expect(w.reads()).toBe(0);
  });

  test("if it is aborted", async () => {
    const w = await many();
    const controller = new AbortController();
    const searched = search(w.archiver, "needle", { signal: controller.signal });
    const read = async (): Promise<void> => {
      for await (const _ of searched) controller.abort();
    };
    await expect(read()).rejects.toMatchObject({ code: "ABORTED" });
    expect(w.reads()).toBeLessThan(10);
    expect(w.open()).toBe(0);
  });
});

describe("damage", () => {
  async function damaged(large: boolean, place = large ? 0.6 : 0.9): Promise<World> {
    const w = world();
    await imported(w, "whole", [said("needle", 1)]);
    const random = Array.from({ length: large ? 40_000 : 20 }, (_, n) =>
      said(`needle ${(n * 2654435761) % 1e9}`, 1000 + n),
    );
    await imported(w, "bad", random);
    await w.archiver.archive("bad");
    for await (const { key, size } of w.ports.archives.list()) {
      if (!key.endsWith(".jsonl.gz")) continue;
      const stored = Buffer.concat(await Array.fromAsync(w.ports.archives.read(key)));
      const at = Math.floor(size * place);
      stored[at] = (stored[at] ?? 0) ^ 0xff;
      await w.ports.archives.delete(key);
      await w.ports.archives.put(key, bytesOf(stored));
    }
    return w;
  }

  test.each([true, false])("is noted, and other sessions are searched (large: %s)", async (large) => {
    const w = await damaged(large);
    const searched = search(w.archiver, "needle");
    const hits = await hitsOf(searched);
    expect(hits.at(-1)?.session.id).toBe("whole");
    // What comes before the damaged segment was found.
    if (large) expect(hits.length).toBeGreaterThan(1000);
    else expect(hits.length).toBe(1);
    expect(searched.coverage).toMatchObject({ unreadable: [{ id: "bad", code: "CORRUPT" }], isComplete: true });
  });

  test.each([true, false])("that hides nothing is named beside what was found (large: %s)", async (large) => {
    const { archiver } = await damaged(large, 0);
    const searched = search(archiver, "needle");
    const bad = (await hitsOf(searched)).filter(({ session }) => session.id === "bad");
    expect(bad).toHaveLength(large ? 40_000 : 20);
    const { unreadable, damaged: named, sessions, isComplete } = searched.coverage;
    expect([unreadable, sessions, isComplete]).toEqual([[], 2, true]);
    expect(named).toMatchObject([{ id: "bad", code: "CORRUPT" }]);
  });

  test("to metadata is noted too", async () => {
    const w = await damaged(false);
    await w.ports.objects.put(
      "odd",
      { view: "agent", "session:archived_at": 5, "session:archive_path": "../../x" },
      null,
    );
    const searched = search(w.archiver, "needle");
    await hitsOf(searched);
    expect(searched.coverage.unreadable.map(({ id }) => id).sort()).toEqual(["bad", "odd"]);
  });
});
