/** Verifying: what is whole passes and is not touched; what is damaged is named, one session after the other. */
import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { bytesOf, toBytes } from "../../src/index.js";
import { archived } from "../catalogues.js";
import { dieAt, unreachable } from "../faults.js";
import { encode, jsonl, keysOf, makeSession, metaOf, type World, world } from "../support.js";
import { inState, STATES } from "./states.js";

test.each(STATES)("a %s session passes, and nothing is written", async (state) => {
  const w = await inState(state);
  const revive = dieAt(w, 1);
  await w.archiver.verify("s");
  expect(await w.archiver.verifyAll()).toMatchObject({ checked: 1, bad: [] });
  expect(revive()).toBe(false);
});

async function change({ ports }: World, key: string, by: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  const bytes = (await toBytes(ports.archives.read(key))).slice();
  await ports.archives.delete(key);
  await ports.archives.put(key, bytesOf(by(bytes)));
}

const flipped = (bytes: Uint8Array): Uint8Array => bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 1);
const ending = async (w: World, end: string): Promise<string> =>
  (await keysOf(w)).find((key) => key.endsWith(end)) ?? "";

const DAMAGES: readonly (readonly [string, string, (w: World, key: string) => Promise<void>])[] = [
  ["an output's archive with a flipped bit", ".jsonl.gz", (w, key) => change(w, key, flipped)],
  ["an output's archive that is cut", ".jsonl.gz", (w, key) => change(w, key, (bytes) => bytes.subarray(0, -1))],
  ["an output's archive that is gone", ".jsonl.gz", ({ ports }, key) => ports.archives.delete(key)],
  ["a sidecar's archive with a flipped bit", ".2.gz", (w, key) => change(w, key, flipped)],
  ["a manifest with a flipped bit", ".json", (w, key) => change(w, key, flipped)],
  ["a manifest that is gone", ".json", ({ ports }, key) => ports.archives.delete(key)],
];

test.each(DAMAGES)("%s is CORRUPT, and the message names it", async (_, end, harm) => {
  const w = world();
  await makeSession(w, "s", jsonl(5));
  await w.ports.blobs.create({ id: "s", name: "side" }, "live-1", bytesOf(encode("a sidecar")));
  await w.archiver.archive("s");
  const key = await ending(w, end);
  await harm(w, key);
  await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT", id: "s", key });
});

test("lines that are counted wrongly in the metadata are CORRUPT", async () => {
  const w = await archived("s");
  const [file] = (await metaOf(w))[KEY.archiveFiles] as { lines: number }[];
  const object = await w.ports.objects.get("s");
  const wrong = { ...object?.meta, [KEY.archiveFiles]: [{ ...file, lines: 4 }] };
  await w.ports.objects.put("s", wrong, object?.version ?? null);
  await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
});

test.each([
  ["live", 400, 1200],
  ["live", 0, 1200],
  ["resumed", 0, 300],
] as const)(
  "of a %s session, live bytes of which fewer are there than were counted are CORRUPT",
  async (state, left, all) => {
    const w = world();
    const output = "x".repeat(99).concat("\n").repeat(9);
    await makeSession(w, "s", output.slice(0, 900));
    if (state === "resumed") await w.archiver.archive("s");
    await w.archiver.recorder("s").append("y".repeat(99).concat("\n").repeat(3));
    await w.archiver.verify("s");
    const [blob] = await Array.fromAsync(w.ports.blobs.list("s"));
    if (!blob) throw new Error("There is no live output.");
    expect(blob.size).toBe(all);
    const bytes = await toBytes(w.ports.blobs.read(blob));
    await w.ports.blobs.delete(blob);
    if (left > 0) await w.ports.blobs.create(blob.key, blob.generation, bytesOf(bytes.subarray(0, left)));
    await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
    expect((await w.archiver.verifyAll()).bad).toHaveLength(1);
  },
);

test("live bytes that can't be read now fail with the store's own code", async () => {
  const w = await inState("live");
  // biome-ignore lint/correctness/useYield: it fails instead
  w.ports.blobs.read = async function* () {
    await unreachable();
  };
  await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("a session that is archived meanwhile is verified as it is then", async () => {
  const w = await inState("live");
  const { read } = w.ports.blobs;
  w.ports.blobs.read = async function* (...args) {
    w.ports.blobs.read = read;
    await w.archiver.archive("s");
    yield* read(...args);
  };
  await w.archiver.verify("s");
  expect((await w.archiver.info("s")).state).toBe("archived");
});

test("of many, those that are bad are reported, and the others are looked at all the same", async () => {
  const w = await archived("a", "b", "c");
  await change(w, (await w.archiver.info("b")).archiveKey ?? "", flipped);
  const bad = { id: "b", code: "CORRUPT", message: expect.any(String) };
  expect(await w.archiver.verifyAll()).toMatchObject({ checked: 3, bad: [bad] });
  const ids = ["c", "b", "nobody"];
  expect(await w.archiver.verifyAll(ids)).toMatchObject({
    checked: 3,
    bad: [bad, { id: "nobody", code: "NOT_FOUND" }],
  });
});

test.each([undefined, ["a", "b"]])("an abort ends all of it (%j)", async (ids) => {
  const w = await archived("a", "b");
  const controller = new AbortController();
  const { list } = w.ports.blobs;
  w.ports.blobs.list = (...given) => {
    controller.abort();
    return list(...given);
  };
  const { signal } = controller;
  await expect(w.archiver.verifyAll(ids, { signal })).rejects.toMatchObject({ code: "ABORTED" });
});

test("an empty catalogue beside archives does not pass for whole", async () => {
  const w = await archived("s");
  const lost = world({ archives: w.ports.archives });
  expect(await lost.archiver.lacksCatalogue()).toBe(true);
  expect((await lost.archiver.verifyAll()).bad).toMatchObject([{ code: "CORRUPT" }]);
  expect(await w.archiver.lacksCatalogue()).toBe(false);
  const empty = world();
  expect(await empty.archiver.lacksCatalogue()).toBe(false);
  expect(await empty.archiver.verifyAll()).toMatchObject({ checked: 0, bad: [] });
});
