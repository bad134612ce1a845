/** Sources that have only grown are not read between their windows; the archive then compares all of them. */
import { describe, expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import type { ArchiverOptions, ImportSource } from "../../../src/index.js";
import { longLines, readText, type World, world } from "../../support.js";
import { sourceOf, streamOf } from "./sources.js";

/** What the session was imported from, as it is now; `undefined`: gone. */
interface Origin {
  source: ImportSource | undefined;
  opened: number;
}

const FIRST = longLines(1100);

async function imported(
  state: "live" | "archived",
  options: Partial<ArchiverOptions> = {},
): Promise<World & { origin: Origin }> {
  const origin: Origin = { source: sourceOf(FIRST), opened: 0 };
  const openSource = async (): Promise<ImportSource | undefined> => {
    origin.opened++;
    return origin.source;
  };
  const w = world({ openSource, ...options });
  await w.archiver.import("s", sourceOf(FIRST));
  if (state === "archived") await w.archiver.archive("s");
  return Object.assign(w, { origin });
}

const MORE = `{"timestamp":"2026-11-20T00:00:00.000Z"}\n`;

async function unproven({ ports }: World): Promise<unknown> {
  return (await ports.objects.get("s"))?.meta[KEY.unproven];
}

/** Another byte where no window looks. */
const CHANGED = `${FIRST.slice(0, 700_000)}${FIRST[700_000] === "x" ? "y" : "x"}${FIRST.slice(700_001)}`;

describe.each(["live", "archived"] as const)("a source that has grown, of a session that is %s,", (state) => {
  test("is not read between its windows; the archive then compares all of it", async () => {
    const w = await imported(state);
    const grown = sourceOf(FIRST + MORE);
    const done = await w.archiver.import("s", grown);
    expect(done).toEqual({
      id: "s",
      outcome: "appended",
      rawBytes: FIRST.length + MORE.length,
      addedBytes: MORE.length,
    });
    expect(grown.bytesRead()).toBe(2 * 65536 + MORE.length);
    expect(await unproven(w)).toBe(FIRST.length);
    expect(await w.archiver.info("s")).toMatchObject({
      lineCount: 1101,
      lastActivityMs: Date.parse("2026-11-20T00:00:00.000Z"),
      meta: { [KEY.startedAt]: expect.any(Number) },
    });
    const opened = sourceOf(FIRST + MORE);
    w.origin.source = opened;
    await w.archiver.archive("s");
    expect(opened.bytesRead()).toBeGreaterThanOrEqual(FIRST.length);
    expect(await unproven(w)).toBeUndefined();
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(FIRST + MORE);
  });

  test("and was rewritten between its windows: the archive says so, and the next import keeps both", async () => {
    const w = await imported(state);
    w.origin.source = sourceOf(CHANGED + MORE);
    expect(await w.archiver.import("s", w.origin.source)).toMatchObject({ outcome: "appended" });
    for (let i = 0; i < 2; i++) {
      const refused = expect(w.archiver.archive("s")).rejects;
      await refused.toMatchObject({ code: "CONFLICT", message: expect.stringContaining("import it again") });
      expect(await unproven(w)).toBe(FIRST.length);
    }
    w.now += 400 * 24 * 60 * 60 * 1000;
    expect(await w.archiver.sweep()).toMatchObject({ failures: [{ id: "s", code: "CONFLICT" }] });
    expect(await w.archiver.import("s", w.origin.source)).toMatchObject({ outcome: "replaced" });
    expect(await readText(w, "s")).toBe(CHANGED + MORE);
    expect(await unproven(w)).toBeUndefined();
    expect(await w.archiver.info("s")).toMatchObject({ versions: [{ rawBytes: FIRST.length + MORE.length }] });
    await w.archiver.archive("s");
    await w.archiver.verify("s");
  });

  test("is compared in whole by the next import, which takes the mark away", async () => {
    const w = await imported(state);
    await w.archiver.import("s", sourceOf(FIRST + MORE));
    const next = sourceOf(FIRST + MORE + MORE);
    expect(await w.archiver.import("s", next)).toMatchObject({ outcome: "appended" });
    expect(next.bytesRead()).toBeGreaterThanOrEqual(next.size);
    expect(await unproven(w)).toBeUndefined();
  });

  test("is compared in whole, or archived unproven, where it is gone", async () => {
    for (const gone of [async () => undefined, async () => Promise.reject({ code: "NOT_FOUND" })]) {
      const w = await imported(state, { openSource: gone });
      await w.archiver.import("s", sourceOf(FIRST + MORE));
      expect(await w.archiver.archive("s")).toMatchObject({ outcome: "archived" });
      expect(await unproven(w)).toBe(FIRST.length);
      await w.archiver.verify("s");
      expect(await readText(w, "s")).toBe(FIRST + MORE);
    }
  });

  test("whose windows differ is compared in whole", async () => {
    for (const text of [`X${FIRST.slice(1)}${MORE}`, `${FIRST.slice(0, -5)}X${FIRST.slice(-4)}${MORE}`]) {
      const w = await imported(state);
      expect(await w.archiver.import("s", sourceOf(text))).toMatchObject({ outcome: "replaced" });
      expect(await readText(w, "s")).toBe(text);
    }
  });

  test("is restored without a look at the source", async () => {
    const w = await imported(state);
    w.origin.source = sourceOf(CHANGED);
    await w.archiver.import("s", sourceOf(FIRST + MORE));
    if (state === "archived") await w.archiver.restore("s");
    expect(w.origin.opened).toBe(0);
    expect(await unproven(w)).toBe(FIRST.length);
    expect(await readText(w, "s")).toBe(FIRST + MORE);
  });
});

describe("all of a source is compared", () => {
  const grown = FIRST + MORE;
  test.each([
    ["where nothing opens it again", { openSource: undefined }, sourceOf(grown)],
    ["where it has no version", {}, sourceOf(grown, { version: undefined })],
    ["where it is another one", {}, sourceOf(grown, { identity: "other" })],
  ])("%s", async (_, options, source) => {
    const w = await imported("live", options);
    await w.archiver.import("s", source);
    expect(source.bytesRead()).toBeGreaterThanOrEqual(source.size);
    expect(await unproven(w)).toBeUndefined();
  });

  test("where it is a stream, or somebody else has written to the session", async () => {
    const w = await imported("live");
    await w.archiver.import("s", streamOf(grown));
    expect(await unproven(w)).toBeUndefined();
    const recorder = w.archiver.recorder("s");
    await recorder.append(MORE);
    await recorder.close();
    const source = sourceOf(FIRST + MORE + MORE + MORE);
    await w.archiver.import("s", source);
    expect(source.bytesRead()).toBeGreaterThanOrEqual(source.size);
  });
});

test("what openSource gives is checked, and its failures are passed on", async () => {
  for (const [openSource, code] of [
    [async () => ({ size: -1 }), "INVALID_ARGUMENT"],
    [async () => Promise.reject({ code: "UNAVAILABLE" }), "UNAVAILABLE"],
  ] as const) {
    const w = await imported("live", { openSource: openSource as never });
    await w.archiver.import("s", sourceOf(FIRST + MORE));
    await expect(w.archiver.archive("s")).rejects.toMatchObject({ code });
    expect(await readText(w, "s")).toBe(FIRST + MORE);
  }
});

test("a mark is there before the first byte", async () => {
  const w = await imported("live");
  w.ports.blobs.append = async () => Promise.reject(new Error("down"));
  await expect(w.archiver.import("s", sourceOf(FIRST + MORE))).rejects.toThrow("down");
  expect(await unproven(w)).toBe(FIRST.length);
});
