/** Appends to a blob and deletes of it take effect only at exactly the ref. */
import type { BlobKey, BlobRef, BlobStore } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { equal, equalBytes, oneWins, rejects } from "../support/assert.js";
import { pieces } from "../support/bodies.js";
import { all, concat, LARGE, noise, text, toBytes, upTo } from "../support/data.js";

const test = about("Blobs: append and delete");

const KEY: BlobKey = { id: "s", name: "output" };
const CONTEXT = { id: "s", key: "output" };
const START = noise(1000);

function create(blobs: BlobStore, generation = "1", bytes: Uint8Array = START): Promise<BlobRef> {
  return blobs.create(KEY, generation, pieces(bytes, 300));
}

/** The blob must be exactly this. */
async function isNow(blobs: BlobStore, ref: BlobRef | undefined, bytes: Uint8Array): Promise<void> {
  equal(await blobs.stat(KEY), ref, "stat");
  equal(await all(blobs.list(KEY.id)), ref === undefined ? [] : [ref], "list");
  if (ref !== undefined) equalBytes(await toBytes(blobs.read(ref)), bytes, "the blob's bytes");
}

/** Refs that differ from `at` in one respect. */
function wrongRefs(at: BlobRef): readonly BlobRef[] {
  return [
    { ...at, size: at.size - 1 },
    { ...at, size: at.size + 1 },
    { ...at, size: 0 },
    { ...at, generation: "2" },
    { ...at, generation: `${at.generation} ` },
    { ...at, generation: "\u0661" },
  ];
}

export const blobAppendCases: readonly Case[] = [
  test(["blobs"], "create, stat and list give the same ref: key, generation and size", async ({ blobs }) => {
    const ref = await create(blobs, "generation of mine");
    equal(ref, { key: KEY, generation: "generation of mine", size: 1000 }, "the ref of create");
    await isNow(blobs, ref, START);
  }),

  test(["blobs"], "append adds the chunk and gives the new ref", async ({ blobs }) => {
    const first = await create(blobs);
    const second = await blobs.append(first, noise(500, 2));
    equal(second, { key: KEY, generation: "1", size: 1500 }, "the ref of append");
    await isNow(blobs, second, concat([START, noise(500, 2)]));
  }),

  test(["blobs"], "many appends of all sizes keep their order", async ({ blobs }) => {
    const chunks = [...upTo(250).map((n) => noise(n * 7, n + 1)), noise(300_000), noise(1), noise(LARGE), noise(2, 9)];
    let ref = await create(blobs, "1", noise(0));
    for (const chunk of chunks) ref = await blobs.append(ref, chunk);
    await isNow(blobs, ref, concat(chunks));
  }),

  test(["blobs"], "append of nothing at the current ref changes nothing", async ({ blobs }) => {
    const ref = await create(blobs);
    equal(await blobs.append(ref, noise(0)), ref, "the ref of append");
    await isNow(blobs, ref, START);
  }),

  test(["blobs"], "append copies: its array may be reused afterwards", async ({ blobs }) => {
    const chunk = noise(100, 2);
    const ref = await blobs.append(await create(blobs), chunk);
    chunk.fill(0);
    await isNow(blobs, ref, concat([START, noise(100, 2)]));
  }),

  test(["blobs"], "append takes a part of a larger array as that part", async ({ blobs }) => {
    const ref = await blobs.append(await create(blobs), noise(100, 2).subarray(10, 20));
    await isNow(blobs, ref, concat([START, noise(100, 2).subarray(10, 20)]));
  }),

  test(["blobs"], "append at another size or generation is CONFLICT, and changes nothing", async ({ blobs }) => {
    const ref = await create(blobs);
    for (const wrong of wrongRefs(ref)) {
      for (const chunk of [text("lost"), noise(0)]) {
        const what = `append of ${chunk.length} bytes at size ${wrong.size} of generation ${wrong.generation}`;
        await rejects("CONFLICT", what, () => blobs.append(wrong, chunk), CONTEXT);
      }
    }
    await isNow(blobs, ref, START);
  }),

  test(["blobs"], "append to a blob that is gone is NOT_FOUND, and creates none", async ({ blobs }) => {
    const ref = await create(blobs);
    await blobs.delete(ref);
    await rejects("NOT_FOUND", "append after delete", () => blobs.append(ref, text("x")), CONTEXT);
    const never = { ...ref, key: { id: "s", name: "never" } };
    await rejects("NOT_FOUND", "append to what never was", () => blobs.append(never, text("x")), {
      id: "s",
      key: "never",
    });
    await isNow(blobs, undefined, START);
  }),

  test(["blobs"], "of concurrent appends at one ref exactly one succeeds", async ({ blobs }) => {
    let ref = await create(blobs);
    let bytes = START;
    for (const round of upTo(5)) {
      const at = ref;
      const chunks = upTo(6).map((n) => noise(100 + n, round * 10 + n + 1));
      const won = await oneWins(
        chunks.map((chunk) => () => blobs.append(at, chunk)),
        "CONFLICT",
        "appends at one ref",
      );
      ref = won.value;
      bytes = concat([bytes, chunks[won.index] ?? noise(0)]);
      await isNow(blobs, ref, bytes);
    }
  }),

  test(["blobs"], "delete at the current ref removes the blob", async ({ blobs }) => {
    await blobs.delete(await create(blobs));
    await isNow(blobs, undefined, START);
  }),

  test(["blobs"], "delete at another size or generation is CONFLICT, and deletes nothing", async ({ blobs }) => {
    const ref = await blobs.append(await create(blobs), text("grown"));
    for (const wrong of [...wrongRefs(ref), { ...ref, size: START.length }]) {
      const what = `delete at size ${wrong.size} of generation ${wrong.generation}`;
      await rejects("CONFLICT", what, () => blobs.delete(wrong), CONTEXT);
    }
    await isNow(blobs, ref, concat([START, text("grown")]));
  }),

  test(["blobs"], "delete of a blob that is gone is NOT_FOUND", async ({ blobs }) => {
    const ref = await create(blobs);
    await blobs.delete(ref);
    await rejects("NOT_FOUND", "the second delete", () => blobs.delete(ref), CONTEXT);
    const never = { ...ref, key: { id: "s", name: "never" } };
    await rejects("NOT_FOUND", "delete of what never was", () => blobs.delete(never), { id: "s", key: "never" });
  }),

  test(["blobs"], "old refs don't reach a blob that replaced theirs, not even at the same size", async ({ blobs }) => {
    const old = await create(blobs);
    await blobs.delete(old);
    const ref = await create(blobs, "2", noise(1000, 2));
    await rejects("CONFLICT", "append at the old ref", () => blobs.append(old, text("x")), CONTEXT);
    await rejects("CONFLICT", "delete at the old ref", () => blobs.delete(old), CONTEXT);
    await rejects("NOT_FOUND", "read at the old ref", () => toBytes(blobs.read(old)), CONTEXT);
    await isNow(blobs, ref, noise(1000, 2));
  }),

  test(["blobs"], "of an append and a delete at one ref exactly one succeeds", async ({ blobs }) => {
    for (const n of upTo(8)) {
      const ref = await create(blobs, `g${n}`);
      const append = (): Promise<unknown> => blobs.append(ref, text("new"));
      const remove = (): Promise<unknown> => blobs.delete(ref);
      const calls = n % 2 === 0 ? [append, remove] : [remove, append];
      const { index } = await oneWins(calls, ["CONFLICT", "NOT_FOUND"], "an append and a delete at one ref");
      const left = await blobs.stat(KEY);
      equal(left?.size, calls[index] === append ? START.length + 3 : undefined, "the size left");
      if (left) await blobs.delete(left);
    }
  }),
];
