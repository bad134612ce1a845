/** Making sessions: each once, with the host's metadata, and nothing of one that was there before. */
import { expect, test } from "vitest";
import { ArchiverError, type Meta } from "../../src/index.js";
import { jsonl, keysOf, makeSession, readText, recordsOf, world } from "../support.js";

test("a session is there with its metadata, and goes its whole way", async () => {
  const w = world();
  const info = await w.archiver.create("s", { title: "mine", none: null });
  expect(info).toEqual(await w.archiver.info("s"));
  expect(info).toMatchObject({ id: "s", state: "live", rawBytes: 0, meta: { view: "agent", title: "mine" } });
  expect((await w.ports.objects.get("s"))?.meta).toEqual({ view: "agent", title: "mine" });
  const recorder = w.archiver.recorder("s");
  await recorder.append("a\n");
  await recorder.close();
  expect((await w.archiver.sweep({ inactiveDays: 0 })).archivedCount).toBe(1);
  expect(await readText(w, "s")).toBe("a\n");
});

test("another view stays what it is, and no metadata is an agent's", async () => {
  const { archiver } = world();
  expect((await archiver.create("a", { view: "chat" })).meta).toEqual({ view: "chat" });
  expect((await archiver.create("b")).meta).toEqual({ view: "agent" });
});

test("CONFLICT where there is one, whatever its state, and it stays as it was", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3));
  const check = async (): Promise<void> => {
    const before = await w.ports.objects.get("s");
    await expect(w.archiver.create("s", { title: "another" })).rejects.toMatchObject({ code: "CONFLICT", id: "s" });
    expect(await w.ports.objects.get("s")).toEqual(before);
  };
  await check();
  await w.archiver.archive("s");
  await check();
  await w.archiver.pruneSession("s");
  await check();
  await w.archiver.prune({ graceDays: 0 });
  await check();
});

test("of many at once one makes it", async () => {
  const { archiver } = world();
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map((n) => archiver.create("s", { n })));
  const made = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value.meta] : []));
  const lost = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.code] : []));
  expect(lost).toEqual(["CONFLICT", "CONFLICT", "CONFLICT"]);
  expect(made).toEqual([(await archiver.info("s")).meta]);
});

test("a session that is half removed is removed first: nothing of it is in the new one", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3));
  await w.archiver.archive("s");
  await w.archiver.recorder("s").append("more\n");
  const { blobs } = w.ports;
  const remove = blobs.delete;
  blobs.delete = async () => {
    throw new ArchiverError("UNAVAILABLE", "The store can't be reached.");
  };
  await expect(w.archiver.remove("s")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  blobs.delete = remove;
  expect((await w.ports.objects.get("s"))?.meta["session:removing_at"]).toBeGreaterThan(0);
  expect(await w.archiver.create("s", { title: "new" })).toMatchObject({ rawBytes: 0, meta: { title: "new" } });
  expect(await readText(w, "s")).toBe("");
  expect(await keysOf(w)).toEqual([]);
});

test("what only the archiver may note is refused, and there is no session", async () => {
  const w = world();
  for (const meta of [{ "session:archived_at": 1 }, { "session:removing_at": 1 }, { "session:pruned_at": 1 }]) {
    await expect(w.archiver.create("s", meta)).rejects.toMatchObject({ code: "INVALID_ARGUMENT", id: "s" });
  }
  await expect(w.archiver.create("s", Promise.resolve({}) as unknown as Meta)).rejects.toThrow("a promise");
  await expect(w.archiver.create("s", { n: 1n } as unknown as Meta)).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
  });
  expect(await w.ports.objects.get("s")).toBeUndefined();
});

test("a session that is made pinned is on record as pinned", async () => {
  const w = world();
  await w.archiver.create("a");
  expect(await recordsOf(w)).toEqual([]);
  await w.archiver.create("s", { "session:pinned": true });
  expect(await recordsOf(w)).toHaveLength(1);
});

test("an aborted signal makes nothing", async () => {
  const w = world();
  const op = { signal: AbortSignal.abort() };
  await expect(w.archiver.create("s", {}, op)).rejects.toMatchObject({ code: "ABORTED" });
  expect(await w.ports.objects.get("s")).toBeUndefined();
});
