/** What a policy is, and what it does where nobody has asked for anything. */
import { describe, expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { createArchiver, DEFAULT_POLICY, memoryPorts, ORIGINAL_POLICY, type Policy } from "../../src/index.js";
import { skipReason } from "../../src/session/policy.js";
import { DAY, IDLE, jsonl, makeSession, NOW, readText, type World, world } from "../support.js";

/** An archive of that many bytes, as far as the metadata tells. */
async function pretendArchive({ ports }: World, id: string, archiveBytes: number): Promise<void> {
  const meta = { view: "agent", [KEY.archivedAt]: NOW - 20 * DAY, [KEY.lastActivity]: NOW - 30 * DAY };
  await ports.objects.put(id, { ...meta, [KEY.archiveBytes]: archiveBytes }, null);
}

const GIB = 1024 ** 3;
const text = jsonl(5);

describe("by default", () => {
  test("nothing is pruned, however much there is, and however long it lies", async () => {
    const w = world();
    for (const id of ["a", "b", "c"]) await pretendArchive(w, id, 1000 * GIB);
    await makeSession(w, "s", text, IDLE);
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 1, prunedCount: 0, failedCount: 0 });
    w.now += 10_000 * DAY;
    expect(await w.archiver.prune()).toMatchObject({ prunedCount: 0, purgedCount: 0, failedCount: 0 });
    expect(DEFAULT_POLICY.maxTotalBytes).toBe(Number.POSITIVE_INFINITY);
    expect(await readText(w, "s")).toBe(text);
  });

  test("a store without a sum is not listed as a whole only to find that there is no limit", async () => {
    const w = world();
    const { archiveBytes: _, ...objects } = w.ports.objects;
    const asked: unknown[] = [];
    const { list } = objects;
    objects.list = (query, op) => {
      asked.push(query);
      return list(query, op);
    };
    await createArchiver({ ...w.ports, objects, now: () => NOW }).prune();
    expect(asked).toEqual([{ prunedBefore: NOW - 7 * DAY }]);
  });

  test("the original's policy keeps archives to 2 GiB", async () => {
    expect(ORIGINAL_POLICY).toMatchObject({ inactiveDays: 7, maxTotalBytes: 2 * GIB, graceDays: 7 });
    const w = world({ policy: ORIGINAL_POLICY });
    for (const id of ["a", "b"]) await pretendArchive(w, id, GIB);
    expect(await Array.fromAsync(w.archiver.plan())).toEqual([]);
    await pretendArchive(w, "c", 1);
    expect(await Array.fromAsync(w.archiver.plan())).toMatchObject([{ id: "a", action: "prune" }]);
  });
});

describe("a policy that can't be meant", () => {
  const create = (policy: unknown) => () => createArchiver({ ...memoryPorts(), policy: policy as Policy });

  test.each([
    ["maxBytes", { maxBytes: 1 }],
    ["inactivedays", { inactivedays: 1 }],
    ["toString", { toString: 1 }],
  ])("with %s names the key and those there are", (key, policy) => {
    expect(create(policy)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    expect(create(policy)).toThrow(new RegExp(`"${key}".*inactiveDays, maxTotalBytes, graceDays, cooldownDays`));
  });

  test.each(
    Object.keys(DEFAULT_POLICY).flatMap((key) => [-1, Number.NaN, "7", null, true, 7n, {}].map((v) => [key, v])),
  )("%s: %s is refused", (key, value) => {
    expect(create({ [String(key)]: value })).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    expect(create({ [String(key)]: value })).toThrow(String(key));
  });

  test.each([null, 7, "original", [], [7]])("as %j is refused", (policy) => {
    expect(create(policy)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });

  test("has the default where values are left out or undefined", async () => {
    expect(create(undefined)).not.toThrow();
    const w = world({ policy: { maxTotalBytes: undefined, graceDays: Number.POSITIVE_INFINITY } as never });
    await pretendArchive(w, "a", 9 * GIB);
    expect(await Array.fromAsync(w.archiver.plan())).toEqual([]);
  });
});

describe("a restored session", () => {
  async function restored(policy: Partial<Policy> = {}): Promise<World> {
    const w = world({ policy });
    await makeSession(w, "s", text, IDLE);
    await w.archiver.archive("s");
    await w.archiver.restore("s");
    return w;
  }

  test("is left alone by sweeps for a day, which the plan says, and then archived", async () => {
    const w = await restored();
    expect(await Array.fromAsync(w.archiver.plan())).toMatchObject([{ id: "s", action: "skip", reason: "restored" }]);
    w.now += DAY - 1;
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 0, skippedCount: 1, failedCount: 0 });
    expect(w.events).toContainEqual({ type: "skipped", id: "s", reason: "restored" });
    w.now += 1;
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 1 });
    expect((await w.archiver.info("s")).meta[KEY.restoredAt]).toBeUndefined();
  });

  test("is idle again once new output is", async () => {
    const w = await restored({ cooldownDays: 1000 });
    w.now += 1;
    const recorder = w.archiver.recorder("s");
    await recorder.append("more\n");
    await recorder.close();
    w.now += 7 * DAY - 1;
    expect(await Array.fromAsync(w.archiver.plan({ all: true }))).toMatchObject([{ reason: "recent" }]);
    w.now += 1;
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 1 });
  });

  test("has new output also where its host says that it is of an earlier time", async () => {
    const w = await restored();
    w.now += 1;
    await using recorder = w.archiver.recorder("s");
    await recorder.append("more\n");
    await recorder.flush();
    const object = await w.ports.objects.get("s");
    await w.ports.objects.put("s", { ...object?.meta, ...IDLE }, object?.version ?? null);
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 1 });
  });

  test("is archived at once by hand, or where the policy has no cool-down", async () => {
    const byHand = await restored();
    expect(await byHand.archiver.archive("s")).toMatchObject({ outcome: "archived" });
    const w = await restored({ cooldownDays: 0 });
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 1 });
  });

  test("is not left alone for years because the clock was wrong", async () => {
    const w = await restored();
    w.now -= 2 * DAY;
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 1 });
  });

  test("is first of all what else keeps sweeps from it", () => {
    const meta = { ...IDLE, view: "agent", [KEY.restoredAt]: NOW };
    expect(skipReason(meta, NOW, 7)).toBe("restored");
    expect(skipReason(meta, NOW, 7, 0)).toBeUndefined();
    expect(skipReason({ ...meta, [KEY.pinned]: true }, NOW, 7)).toBe("pinned");
    expect(skipReason(meta, NOW, 60)).toBe("recent");
  });
});
