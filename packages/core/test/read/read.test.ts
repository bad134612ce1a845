/** The bytes of a session in every state, and what damage to it does to a read. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/index.js";
import { runs } from "../fuzz.js";
import { encode, jsonl, keysOf, linesOf, longLines, makeSession, readText, type World, world } from "../support.js";
import { decode } from "./support.js";

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

const output = fc.string({ unit: fc.constantFrom("a", "\n", "\r\n", "{}", "é"), maxLength: 200 });

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
      runs(25),
    );
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

test("an aborted read ends with ABORTED", async () => {
  const w = world();
  await makeSession(w, "s", longLines(1300));
  await w.archiver.archive("s");
  const controller = new AbortController();
  const reading = w.archiver.read("s", { signal: controller.signal })[Symbol.asyncIterator]();
  await reading.next();
  controller.abort();
  await expect(reading.next()).rejects.toMatchObject({ code: "ABORTED" });
});

test("defect: a read of a session that was purged and written to again went on with the new bytes", async () => {
  const w = world();
  await makeSession(w, "s", "first\n");
  await w.archiver.archive("s");
  const file = await w.archiver.open("s");
  await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
  await w.archiver.recorder("s").append("2\n");
  await expect(toBytes(file.read())).rejects.toMatchObject({ code: "PRUNED" });
  expect(new TextDecoder().decode(await toBytes(w.archiver.read("s")))).toBe("2\n");
});
