/** Counting what a writer had no time to count. */
import { expect, test } from "vitest";
import { jsonl, makeSession, world } from "../support.js";
import { listed, record } from "./support.js";

test("settling counts, where asked to, what a writer that died has not", async () => {
  const w = world();
  for (const [id, first] of [
    ["new", ""],
    ["known", `${jsonl(3)}half`],
    ["archived", jsonl(2)],
  ] as const) {
    await w.archiver.create(id);
    if (first !== "") await record(w, id, first);
    if (id === "archived") await w.archiver.archive(id);
    // Its stats never come.
    const recorder = w.archiver.recorder(id, { statsEveryMs: 1e9 });
    await recorder.append(`a line\n\n${"x".repeat(100)}`);
    const { objects } = w.ports;
    const { put } = objects;
    objects.put = () => Promise.reject(new Error("gone"));
    await recorder.append("y").catch(() => {});
    objects.put = put;
    await w.archiver.settle(id, { recount: true });
    const text = `${first}a line\n\n${"x".repeat(100)}y`;
    const info = await w.archiver.info(id);
    expect(info, id).toMatchObject({
      rawBytes: text.length,
      lineCount: text.split("\n").filter((line) => line.trim() !== "").length,
    });
    expect((await listed(w, "metadata")).find((other) => other.id === id)).toEqual(info);
  }
});

test("counted output is not read again; a pruned or removed session has nothing to count", async () => {
  const w = world();
  await record(w, "s", jsonl(4));
  const { read } = w.ports.blobs;
  w.ports.blobs.read = () => {
    throw new Error("read again");
  };
  const before = await w.ports.objects.get("s");
  await w.archiver.settle("s", { recount: true });
  expect(await w.ports.objects.get("s")).toEqual(before);
  w.ports.blobs.read = read;
  await w.archiver.archive("s");
  await w.archiver.pruneSession("s");
  expect(await w.archiver.settle("s", { recount: true })).toBe(0);
  expect(await w.archiver.info("s")).toMatchObject({ state: "pruned", lineCount: 4 });
});

test("a writer that has counted more meanwhile is right", async () => {
  const w = world();
  await makeSession(w, "s", "one\n");
  const { read } = w.ports.blobs;
  w.ports.blobs.read = async function* (...args) {
    w.ports.blobs.read = read;
    await record(w, "s", "two\nthree\n");
    yield* read(...args);
  };
  await w.archiver.settle("s", { recount: true });
  expect(await w.archiver.info("s")).toMatchObject({ rawBytes: 14, lineCount: 3 });
});
