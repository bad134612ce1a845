/** Imports: what becomes of a source by what the session holds, what is refused, and what is left where one is cut short. */
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { ImportSource } from "../../../src/index.js";
import { cutShortAnywhere } from "../../faults.js";
import { DAY, encode, jsonl, metaOf, NOW, readText, type World, world } from "../../support.js";
import { sourceOf, streamOf, WAYS } from "./sources.js";

const FIRST = jsonl(40, 1);
const GROWN = FIRST + jsonl(9, 2);

describe.each(WAYS)("a new session from %s", (_, from) => {
  test("holds its bytes, counts and times", async () => {
    const w = world();
    const done = await w.archiver.import("s", from(FIRST), { meta: { title: "mine" } });
    expect(done).toEqual({ id: "s", outcome: "created", rawBytes: FIRST.length, addedBytes: FIRST.length });
    expect(await readText(w, "s")).toBe(FIRST);
    expect(await metaOf(w)).toMatchObject({
      view: "agent",
      title: "mine",
      "session:line_count": 40,
      "session:counted_to": { bytes: FIRST.length, newlines: 40, openLine: false },
      "session:start_ts_ms": NOW - 30 * DAY,
      "session:last_activity_ms": NOW - 30 * DAY + 39_000,
      "session:source": { identity: "s", size: FIRST.length },
    });
  });

  test("that grows is gone on with, whatever state it is in", async () => {
    for (const state of ["live", "archived", "resumed", "restored", "merged"]) {
      const w = world();
      let text = FIRST;
      const put = async (more: string): Promise<void> => {
        text += more;
        await w.archiver.import("s", from(text));
      };
      await put("");
      if (state !== "live") await w.archiver.archive("s");
      if (state === "restored") await w.archiver.restore("s");
      if (state === "resumed" || state === "merged") await put(jsonl(3, 5));
      if (state === "merged") await w.archiver.archive("s");
      const before = text.length;
      text += jsonl(9, 2);
      const done = await w.archiver.import("s", from(text));
      expect(done).toEqual({ id: "s", outcome: "appended", rawBytes: text.length, addedBytes: text.length - before });
      expect(await readText(w, "s")).toBe(text);
      expect((await w.archiver.info("s")).lineCount).toBe(text.split("\n").length - 1);
      await w.archiver.archive("s");
      await w.archiver.verify("s");
      expect(await readText(w, "s")).toBe(text);
    }
  });

  test("that is the same is left alone", async () => {
    const w = world();
    await w.archiver.import("s", from(FIRST));
    const before = await w.ports.objects.get("s");
    const done = await w.archiver.import("s", from(FIRST));
    expect(done).toEqual({ id: "s", outcome: "unchanged", rawBytes: FIRST.length, addedBytes: 0 });
    expect(await w.ports.objects.get("s")).toEqual(before);
  });

  test("of which an older copy comes later keeps what it has, and its record", async () => {
    const w = world();
    await w.archiver.import("s", from(GROWN));
    const before = await w.ports.objects.get("s");
    for (const older of [FIRST, GROWN.slice(0, -1), "", GROWN.slice(0, 1)]) {
      const done = await w.archiver.import("s", from(older));
      expect(done).toEqual({ id: "s", outcome: "older", rawBytes: GROWN.length, addedBytes: 0 });
    }
    expect(await w.ports.objects.get("s")).toEqual(before);
    expect(await readText(w, "s")).toBe(GROWN);
  });

  test("that is empty is a session, which takes in what comes", async () => {
    const w = world();
    expect(await w.archiver.import("s", from(""))).toMatchObject({ outcome: "created", rawBytes: 0 });
    expect(await w.archiver.import("s", from(""))).toMatchObject({ outcome: "unchanged" });
    expect(await w.archiver.import("s", from(FIRST))).toMatchObject({ outcome: "appended" });
    expect(await readText(w, "s")).toBe(FIRST);
  });

  test("whose import is aborted leaves nothing", async () => {
    const w = world();
    const signal = AbortSignal.abort();
    await expect(w.archiver.import("s", from(FIRST), { signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect(await w.ports.objects.get("s")).toBeUndefined();
  });

  test("tells how far it is", async () => {
    const w = world();
    const told: number[] = [];
    const onProgress = ({ bytes }: { readonly bytes: number }): void => {
      told.push(bytes);
      throw new Error("a listener's own");
    };
    await w.archiver.import("s", from(FIRST), { onProgress });
    await w.archiver.import("s", from(GROWN), { onProgress });
    expect(told.slice(0, 2)).toEqual([expect.any(Number), expect.any(Number)]);
    expect(told.at(-1)).toBe(GROWN.length);
    expect(told).toContain(FIRST.length);
  });
});

describe("what can't be taken in", () => {
  const failing = (after: number, error: unknown): ImportSource => ({
    ...sourceOf(FIRST, { version: "other" }),
    async *read() {
      yield encode(FIRST.slice(0, after));
      throw error;
    },
  });

  test.each([
    ["a source that fails", failing(500, new Error("EIO")), "UNAVAILABLE"],
    [
      "a source that ends early",
      sourceOf(FIRST, { version: "other", size: FIRST.length + 1, read: sourceOf(FIRST.slice(0, 99)).read }),
      "CONFLICT",
    ],
    ["a source that gives too much", sourceOf(FIRST, { size: 10, read: () => streamOf(FIRST) }), "INVALID_ARGUMENT"],
    ["a stream of text", Readable.from(["a", "b"]), "INVALID_ARGUMENT"],
    ["a source without a size", { read: sourceOf(FIRST).read } as ImportSource, "INVALID_ARGUMENT"],
    ["a source without read", { size: 5 } as ImportSource, "INVALID_ARGUMENT"],
    ["nothing", undefined as unknown as ImportSource, "INVALID_ARGUMENT"],
    ["an identity that is no name", sourceOf(FIRST, { identity: "" }), "INVALID_ARGUMENT"],
  ])("%s leaves no session, and harms none", async (_, source, code) => {
    const w = world();
    await expect(w.archiver.import("s", source)).rejects.toMatchObject({ name: "ArchiverError", code });
    expect(await w.ports.objects.get("s")).toBeUndefined();
    await w.archiver.import("t", sourceOf(FIRST));
    await w.archiver.archive("t");
    const before = await w.ports.objects.get("t");
    if ("size" in Object(source)) await expect(w.archiver.import("t", source)).rejects.toMatchObject({ code });
    expect(await w.ports.objects.get("t")).toEqual(before);
  });

  test("an invalid id is refused before the source is read", async () => {
    const source = sourceOf(FIRST);
    await expect(world().archiver.import("", source)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(source.bytesRead()).toBe(0);
  });

  test("a stream is closed where it is not read to its end", async () => {
    const w = world();
    await w.archiver.import("s", sourceOf(FIRST));
    w.ports.blobs.append = async () => {
      throw new Error("down");
    };
    const chunks = [FIRST, "more\n".repeat(300_000), "more"];
    const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
    await expect(w.archiver.import("s", stream)).rejects.toThrow("down");
    expect(stream.destroyed).toBe(true);
    expect(await readText(w, "s")).toBe(FIRST);
  });
});

test("a new session is given its other ids; one that there is keeps what it has", async () => {
  const { archiver } = world();
  await archiver.import("s", sourceOf(jsonl(1)), { aliases: ["old/path"], meta: { mine: 1 } });
  await archiver.import("s", sourceOf(jsonl(2)), { aliases: ["another"] });
  expect(await archiver.info("s")).toMatchObject({ aliases: ["old/path"], meta: { mine: 1 } });
  for (const aliases of ["x", [""], [5]] as never[]) {
    await expect(archiver.import("t", sourceOf(jsonl(1)), { aliases })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  }
});

/** What a session held before an import, and what the source holds. */
const CHANGES: readonly (readonly [string, before: string | undefined, after: string])[] = [
  ["a new session", undefined, FIRST],
  ["a grown source", FIRST, GROWN],
  ["a rewritten source", GROWN, GROWN.slice(300) + FIRST],
];

describe.each(["live", "archived"])("cut short anywhere, of a session that was %s,", (state) => {
  test.each(CHANGES)(
    "an import of %s leaves what was there, or what is to be; the next one finishes",
    async (_, before, after) => {
      const prepare = async (): Promise<World> => {
        const w = world();
        if (before !== undefined) await w.archiver.import("s", sourceOf(before));
        if (before !== undefined && state === "archived") await w.archiver.archive("s");
        return w;
      };
      const calls = await cutShortAnywhere(
        prepare,
        (w) => w.archiver.import("s", sourceOf(after)),
        async (w) => {
          const isThere = (await w.ports.objects.get("s")) !== undefined;
          if (isThere) expect([before ?? "", after]).toContain(await readText(w, "s"));
          await w.archiver.import("s", sourceOf(after));
          expect(await readText(w, "s")).toBe(after);
          const { versions, lineCount } = await w.archiver.info("s");
          expect(lineCount).toBe(after.split("\n").length - 1);
          for (const { version } of versions) expect(await w.archiver.read("s", { version }).text()).toBe(before);
          expect(versions).toHaveLength(before === undefined || after.startsWith(before) ? 0 : 1);
          await w.archiver.archive("s");
          await w.archiver.verify("s");
        },
      );
      expect(calls).toBeGreaterThan(1);
    },
  );
});

test("many at once, from sources and streams: each line once", async () => {
  const w = world();
  const texts = Array.from({ length: 6 }, (_, i) => jsonl(40 + i * 9, 4));
  const done = await Promise.allSettled(
    texts.flatMap((text) => [w.archiver.import("s", sourceOf(text)), w.archiver.import("s", streamOf(text))]),
  );
  for (const result of done) {
    if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "CONFLICT" });
  }
  await w.archiver.import("s", sourceOf(texts.at(-1) ?? "", { version: undefined }));
  expect(await readText(w, "s")).toBe(texts.at(-1));
  expect((await w.archiver.info("s")).versions).toEqual([]);
});
