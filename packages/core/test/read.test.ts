import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toBytes } from "../src/index.js";
import { encode, jsonl, keysOf, linesOf, makeSession, readText, type World, world } from "./support.js";

const output = fc.string({ unit: fc.constantFrom("a", "\n", "\r\n", "{}", "é"), maxLength: 200 });

async function decode(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  return new TextDecoder().decode(await toBytes(bytes));
}

/** The same bytes in each state that a session can be read in. */
const STATES: Record<string, (w: World, first: string, rest: string) => Promise<void>> = {
  live: (w, first, rest) => makeSession(w, "s", first + rest),
  archived: async (w, first, rest) => {
    await makeSession(w, "s", first + rest);
    await w.archiver.archive("s");
  },
  resumed: async (w, first, rest) => {
    await makeSession(w, "s", first);
    await w.archiver.archive("s");
    await w.archiver.recorder("s").append(rest);
  },
  merged: async (w, first, rest) => {
    await makeSession(w, "s", first);
    await w.archiver.archive("s");
    await w.archiver.recorder("s").append(rest);
    await w.archiver.archive("s");
  },
};

describe.each(Object.entries(STATES))("a session that is %s", (_, make) => {
  test("is read whole, by byte range, by lines and from its end", async () => {
    await fc.assert(
      fc.asyncProperty(
        output,
        output,
        fc.nat(300),
        fc.nat(300),
        fc.nat(40),
        fc.nat(40),
        async (first, rest, a, b, from, to) => {
          const w = world();
          await make(w, first, rest);
          const text = first + rest;
          const bytes = encode(text);
          const range = { start: Math.min(a, b), end: Math.max(a, b) };
          expect(await readText(w, "s")).toBe(text);
          expect(
            Buffer.from(await toBytes(w.archiver.read("s", { range }))).equals(bytes.subarray(range.start, range.end)),
          ).toBe(true);
          expect(await decode(w.archiver.lines("s", { from, to }))).toBe(
            linesOf(text).slice(from, Math.max(from, to)).join(""),
          );
          expect(await decode(w.archiver.lines("s", { from }))).toBe(linesOf(text).slice(from).join(""));
          expect(await decode(w.archiver.tail("s", to))).toBe(to === 0 ? "" : linesOf(text).slice(-to).join(""));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a large session", () => {
  const text = `${jsonl(30_000)}${"x".repeat(3_000_000)}\n${jsonl(5, 2)}`;
  const lines = linesOf(text);

  test("is sought by line across segments and over-long lines", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    for (const [from, to] of [
      [0, 3],
      [15_000, 15_002],
      [29_999, 30_001],
      [30_000, 30_001],
      [30_001, 30_004],
      [30_005, 40_000],
    ] as const) {
      expect(await decode(w.archiver.lines("s", { from, to }))).toBe(lines.slice(from, to).join(""));
    }
    for (const count of [1, 5, 6, 7, 1000]) {
      expect(await decode(w.archiver.tail("s", count))).toBe(lines.slice(-count).join(""));
    }
  });

  test("its tail costs a segment or two, not the session", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    let stored = 0;
    const { read } = w.ports.archives;
    w.ports.archives.read = async function* (key, range, op) {
      for await (const chunk of read(key, range, op)) {
        if (key.endsWith(".gz")) stored += chunk.length;
        yield chunk;
      }
    };
    await toBytes(w.archiver.tail("s", 3));
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(10_000);
  });
});

describe("without its manifest", () => {
  const lose = async (w: World): Promise<void> => {
    for (const key of await keysOf(w)) if (key.endsWith(".json")) await w.ports.archives.delete(key);
  };

  test("a session is read, merged and restored all the same, with a warning; verify reports it", async () => {
    const w = world();
    await makeSession(w, "s", jsonl(9000));
    await w.archiver.archive("s");
    await lose(w);
    expect(await readText(w, "s")).toBe(jsonl(9000));
    expect(await decode(w.archiver.tail("s", 1))).toBe(linesOf(jsonl(9000)).at(-1));
    expect(w.events.some((event) => event.type === "warning" && event.id === "s")).toBe(true);
    await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
    await w.archiver.recorder("s").append("more\n");
    await w.archiver.archive("s");
    await w.archiver.verify("s");
    await lose(w);
    await w.archiver.restore("s");
    expect(await readText(w, "s")).toBe(`${jsonl(9000)}more\n`);
  });
});

describe("damage", () => {
  test("a missing archive is CORRUPT, not an unknown session", async () => {
    const w = world();
    await makeSession(w, "s", jsonl(3));
    await w.archiver.archive("s");
    for (const key of await keysOf(w)) await w.ports.archives.delete(key);
    for (const call of [readText(w, "s"), w.archiver.verify("s"), w.archiver.restore("s")]) {
      await expect(call).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
    }
    expect(await w.archiver.verifyAll()).toMatchObject({ checked: 1, bad: [{ id: "s", code: "CORRUPT" }] });
  });

  test("metadata that says archived but not where is CORRUPT", async () => {
    const w = world();
    await w.ports.objects.put(
      "s",
      { view: "agent", "session:archived_at": 5, "session:archive_path": "../../etc/passwd" },
      null,
    );
    await expect(readText(w, "s")).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
    await w.ports.objects.put(
      "t",
      { "session:archived_at": 5, "session:archive_files": [{ name: "output", path: 7 }] },
      null,
    );
    await expect(readText(w, "t")).rejects.toMatchObject({ code: "CORRUPT", id: "t" });
  });

  test("one damaged session doesn't keep the others from being listed", async () => {
    const w = world();
    await w.ports.objects.put("bad", { "session:archived_at": 5 }, null);
    await makeSession(w, "good", "x\n");
    expect((await Array.fromAsync(w.archiver.list())).map(({ id }) => id)).toEqual(["good"]);
    expect(w.events).toContainEqual(expect.objectContaining({ type: "warning", id: "bad", code: "CORRUPT" }));
  });

  test("an archive of another session under this one's key is refused", async () => {
    const w = world();
    await makeSession(w, "a", jsonl(3));
    await makeSession(w, "b", jsonl(4, 7));
    await w.archiver.archive("a");
    await w.archiver.archive("b");
    const a = await w.ports.objects.get("a");
    const b = await w.ports.objects.get("b");
    const swapped = { ...a?.meta, "session:archive_manifest": b?.meta["session:archive_manifest"] ?? "" };
    await w.ports.objects.put("a", swapped, a?.version ?? "");
    await expect(w.archiver.verify("a")).rejects.toMatchObject({ code: "CORRUPT", id: "a" });
    expect(await readText(w, "a")).toBe(jsonl(3)); // the manifest is no help, the archive still is
  });
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

test("an aborted read ends with ABORTED", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(10_000));
  await w.archiver.archive("s");
  const controller = new AbortController();
  const reading = w.archiver.read("s", { signal: controller.signal })[Symbol.asyncIterator]();
  await reading.next();
  controller.abort();
  await expect(reading.next()).rejects.toMatchObject({ code: "ABORTED" });
});
