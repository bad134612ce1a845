/** Appends to sessions in every state: in the right place, once, or not at all. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DAY, jsonl, makeSession, metaOf, NOW, readText, type World, world } from "../support.js";

describe("a recorder", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    ["live", async () => {}],
    ["archived", (w: World) => w.archiver.archive("s")],
  ] as const)("that knows what the session holds appends there or not at all: %s", async (_, prepare) => {
    const w = world();
    await makeSession(w, "s", "a\n");
    await prepare(w);
    const mine = w.archiver.recorder("s", { at: 2 });
    const other = w.archiver.recorder("s", { at: 2 });
    const results = await Promise.allSettled([mine.append("b\n"), other.append("b\n")]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "CONFLICT" } });
    const winner = results[0]?.status === "fulfilled" ? mine : other;
    await winner.append("c\n");
    await w.archiver.recorder("s").append("theirs\n");
    await expect(winner.append("d\n")).rejects.toMatchObject({ code: "CONFLICT" });
    await Promise.all([mine.close(), other.close()]);
    expect(await readText(w, "s")).toBe("a\nb\nc\ntheirs\n");
    const late = w.archiver.recorder("s", { at: 2 });
    await expect(late.append("b\n")).rejects.toMatchObject({ code: "CONFLICT" });
    await late.close();
  });

  test("a failed append rejects, leaves nothing, and the next one works", async () => {
    const w = world();
    await makeSession(w, "s", "0\n");
    const recorder = w.archiver.recorder("s");
    const { append } = w.ports.blobs;
    w.ports.blobs.append = async () => {
      throw Object.assign(new Error("full"), { code: "QUOTA" });
    };
    await expect(recorder.append("1\n")).rejects.toMatchObject({ code: "QUOTA" });
    w.ports.blobs.append = append;
    await recorder.append("2\n");
    await recorder.close();
    expect(await readText(w, "s")).toBe("0\n2\n");
    expect((await metaOf(w))["session:line_count"]).toBe(2);
  });

  test.each(["append", "create"] as const)(
    "an %s that was done but reported UNAVAILABLE is not done twice",
    async (method) => {
      const w = world();
      await makeSession(w, "s", "0\n");
      if (method === "create") await w.archiver.archive("s");
      const original = w.ports.blobs[method] as (...args: unknown[]) => Promise<unknown>;
      let failed = false;
      Object.assign(w.ports.blobs, {
        [method]: async (...args: unknown[]) => {
          const result = await original(...args);
          if (failed) return result;
          failed = true;
          throw Object.assign(new Error("timed out"), { code: "UNAVAILABLE" });
        },
      });
      const recorder = w.archiver.recorder("s");
      await recorder.append("1\n");
      await recorder.append("2\n");
      await recorder.close();
      expect(await readText(w, "s")).toBe("0\n1\n2\n");
      expect((await metaOf(w))["session:line_count"]).toBe(3);
    },
  );
});

test("a pruned session that is written to in its grace period is taken back whole", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3));
  await w.archiver.archive("s");
  await w.archiver.prune({ maxTotalBytes: 0, graceDays: 10 });
  const recorder = w.archiver.recorder("s");
  await recorder.append("more\n");
  await recorder.close();
  expect(await readText(w, "s")).toBe(`${jsonl(3)}more\n`);
  expect((await w.archiver.info("s")).state).toBe("resumed");
});

test("output that raced with a prune is read at once", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3));
  await w.archiver.archive("s");
  const { create } = w.ports.blobs;
  w.ports.blobs.create = async (...args) => {
    w.ports.blobs.create = create;
    await w.archiver.settle("s");
    await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
    return create(...args);
  };
  const recorder = w.archiver.recorder("s");
  await recorder.append("more\n");
  expect(await readText(w, "s")).toBe("more\n");
  await recorder.close();
  expect(await w.archiver.info("s")).toMatchObject({ state: "live", lineCount: 1 });
  expect(await readText(w, "s")).toBe("more\n");
});

test("a purged session that is written to starts anew, and says what was lost", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3));
  await w.archiver.archive("s");
  await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
  const recorder = w.archiver.recorder("s");
  await recorder.append("more\n");
  await recorder.close();
  expect(await readText(w, "s")).toBe("more\n");
  const info = await w.archiver.info("s");
  expect(info).toMatchObject({ state: "live", lineCount: 1 });
  expect(info.meta["session:lost_bytes"]).toBe(jsonl(3).length);
});

test("a recorder on an archived session marks it, so that a sweep finds the new output", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3));
  await w.archiver.archive("s");
  w.now += DAY;
  await w.archiver.recorder("s").append("more\n");
  expect((await metaOf(w))["session:resumed_at"]).toBe(NOW + DAY);
});
