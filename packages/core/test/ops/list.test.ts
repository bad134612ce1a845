/** Lists: what `info` tells of every session, or what the metadata alone tell, which is as cheap as the objects are. */
import { expect, test } from "vitest";
import { ArchiverError, type SessionFailure } from "../../src/index.js";
import { jsonl, makeSession, type World, world } from "../support.js";
import { listed, record } from "./support.js";

async function everyState(): Promise<World> {
  const w = world();
  for (const id of ["live", "archived", "resumed", "restored", "pruned", "purged"]) await record(w, id, jsonl(4));
  for (const id of ["archived", "resumed", "restored", "pruned", "purged"]) await w.archiver.archive(id);
  await record(w, "resumed", jsonl(2));
  await w.archiver.restore("restored");
  await w.archiver.pruneSession("purged");
  await w.archiver.prune({ graceDays: 0 });
  await w.archiver.pruneSession("pruned");
  return w;
}

test("tells of every session what a look at it would tell", async () => {
  const w = await everyState();
  const infos = await listed(w);
  expect(infos).toHaveLength(6);
  for (const info of infos) expect(info).toEqual(await w.archiver.info(info.id));
  expect(await listed(world())).toEqual([]);
});

test("a list from metadata says of archived sessions what the blobs say, and reads no blob", async () => {
  const w = await everyState();
  const expected = await listed(w);
  expect(expected.map(({ id, state }) => [id, state])).toEqual([
    ["archived", "archived"],
    ["live", "live"],
    ["pruned", "pruned"],
    ["purged", "pruned"],
    ["restored", "live"],
    ["resumed", "resumed"],
  ]);
  for (const { state, liveBytes } of expected) {
    expect(liveBytes > 0).toBe(state === "live" || state === "resumed");
  }
  const { blobs, objects } = w.ports;
  blobs.list = () => {
    throw new Error("no look at blobs");
  };
  objects.get = () => Promise.reject(new Error("no second look at objects"));
  expect(await listed(w, "metadata")).toEqual(expected);
});

test("looks at those whose metadata doesn't say: never counted, or cut short", async () => {
  const w = world();
  await makeSession(w, "uncounted", jsonl(3));
  await w.archiver.create("empty");
  await record(w, "cut", jsonl(3));
  const { blobs } = w.ports;
  const remove = blobs.delete;
  blobs.delete = () => Promise.reject(new Error("gone"));
  await w.archiver.archive("cut").catch(() => {});
  blobs.delete = remove;
  expect(await listed(w, "metadata")).toEqual(await listed(w));
  expect((await listed(w, "metadata")).map(({ id }) => id)).toEqual(["cut", "empty", "uncounted"]);
});

test("a session that is being removed, or can't be understood, is not among them", async () => {
  const w = await everyState();
  const { blobs } = w.ports;
  const remove = blobs.delete;
  blobs.delete = () => Promise.reject(new Error("gone"));
  await w.archiver.remove("live").catch(() => {});
  blobs.delete = remove;
  const broken = await w.ports.objects.get("resumed");
  await w.ports.objects.put(
    "resumed",
    { ...broken?.meta, "session:archive_files": 7, "session:counted_to": null },
    broken?.version ?? null,
  );
  const ids = (await listed(w, "metadata")).map(({ id }) => id);
  expect(ids).toEqual(["archived", "pruned", "purged", "restored"]);
  expect(w.events).toContainEqual(expect.objectContaining({ type: "warning", id: "resumed", code: "CORRUPT" }));
});

test("gives the sessions whose ids begin so, from either", async () => {
  const w = await everyState();
  for (const from of ["metadata", undefined] as const) {
    const ids: string[] = [];
    for await (const { id } of w.archiver.list({ prefix: "re", from })) ids.push(id);
    expect(ids.sort()).toEqual(["restored", "resumed"]);
  }
});

test.each(["metadata", undefined] as const)(
  "tells of sessions that can't be looked at, and lists the others (%s)",
  async (from) => {
    const w = world();
    for (const id of ["a", "far", "z"]) await makeSession(w, id, jsonl(1));
    const cutShort = { view: "agent", "session:archived_at": 5, "session:archive_files": 7, "session:settling_at": 5 };
    await w.ports.objects.put("broken", cutShort, null);
    const { blobs } = w.ports;
    const { list } = blobs;
    blobs.list = (id, op) => {
      if (id === "far") throw new ArchiverError("UNAVAILABLE", "The store can't be reached.", { id });
      return list(id, op);
    };
    const failures: SessionFailure[] = [];
    const ids: string[] = [];
    const onFailure = (failure: SessionFailure): void => void failures.push(failure);
    for await (const { id } of w.archiver.list({ from, onFailure })) ids.push(id);
    expect(ids.sort()).toEqual(["a", "z"]);
    expect(failures.sort((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject([
      { id: "broken", code: "CORRUPT", message: expect.stringContaining("not where") },
      { id: "far", code: "UNAVAILABLE" },
    ]);
    expect(w.events).toEqual([]);
    await expect(listed(w, from)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    blobs.list = () => {
      throw new ArchiverError("ABORTED", "It was called off.");
    };
    const aborted = w.archiver.list({ from, onFailure })[Symbol.asyncIterator]();
    await expect(aborted.next()).rejects.toMatchObject({ code: "ABORTED" });
  },
);
