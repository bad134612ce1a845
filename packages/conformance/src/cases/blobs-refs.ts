/** A read at a ref gives exactly its bytes, even if the blob changes meanwhile. */
import type { BlobKey, BlobRef, BlobStore } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { attempt, check, equal, equalBytes, failsWith, rejects } from "../support/assert.js";
import { pieces } from "../support/bodies.js";
import { all, concat, LARGE, noise, text, toBytes, upTo } from "../support/data.js";

const test = about("Blobs: refs");

const KEY: BlobKey = { id: "s", name: "output" };

function create(blobs: BlobStore, bytes: Uint8Array, generation = "1"): Promise<BlobRef> {
  return blobs.create(KEY, generation, pieces(bytes, 100_000));
}

export const blobRefCases: readonly Case[] = [
  test(["blobs"], "stat of an absent blob gives undefined, and an unknown session has no blobs", async ({ blobs }) => {
    equal(await blobs.stat(KEY), undefined, "stat");
    equal(await all(blobs.list("s")), [], "list");
  }),

  test(["blobs"], "a ref is plain data: an equal one does as well", async ({ blobs }) => {
    const bytes = noise(1000);
    await create(blobs, bytes);
    const ref: BlobRef = { key: { name: "output", id: "s" }, size: 1000, generation: "1" };
    equalBytes(await toBytes(blobs.read(ref)), bytes, "read");
    await blobs.delete(await blobs.append(ref, text("x")));
  }),

  test(["blobs"], "an old ref still reads its own bytes after the blob grew", async ({ blobs }) => {
    const bytes = noise(5000);
    const refs = [await create(blobs, noise(0))];
    for (const n of upTo(50)) {
      const last = refs.at(-1);
      if (last) refs.push(await blobs.append(last, bytes.subarray(n * 100, n * 100 + 100)));
    }
    for (const ref of refs) {
      equalBytes(await toBytes(blobs.read(ref)), bytes.subarray(0, ref.size), `read at size ${ref.size}`);
      const beyond = await toBytes(blobs.read(ref, { start: Math.max(ref.size - 10, 0), end: ref.size + 1000 }));
      equalBytes(
        beyond,
        bytes.subarray(Math.max(ref.size - 10, 0), ref.size),
        `read at size ${ref.size}, past its end`,
      );
    }
  }),

  test(["blobs"], "read gives exactly its ref's bytes while others append", async ({ blobs }) => {
    const bytes = noise(LARGE);
    const ref = await create(blobs, bytes);
    let newest = ref;
    const grow = async (): Promise<void> => {
      for (const n of upTo(20)) newest = await blobs.append(newest, noise(1000 + n, n + 2));
    };
    await grow();
    const parts: Uint8Array[] = [];
    for await (const chunk of blobs.read(ref, { start: 3 })) {
      parts.push(chunk);
      await grow();
      if (parts.length === 2) await Promise.all([grow(), toBytes(blobs.read(ref, { start: LARGE - 10 }))]);
    }
    equalBytes(concat(parts), bytes.subarray(3), "the bytes read meanwhile");
    equal((await blobs.stat(KEY))?.size, newest.size, "the size afterwards");
  }),

  test(["blobs"], "read at a size the blob doesn't have yet is CONFLICT", async ({ blobs }) => {
    const ref = await create(blobs, noise(1000));
    for (const size of [1001, 10_000_000]) {
      const early = { ...ref, size };
      await rejects("CONFLICT", `read at size ${size}`, () => toBytes(blobs.read(early)), { id: "s", key: "output" });
    }
  }),

  test(["blobs"], "read at another generation is NOT_FOUND", async ({ blobs }) => {
    const ref = await create(blobs, noise(1000), "A");
    for (const generation of ["a", "A ", "B", "À"]) {
      const other = { ...ref, generation };
      await rejects("NOT_FOUND", `generation ${generation}`, () => toBytes(blobs.read(other)), {
        id: "s",
        key: "output",
      });
    }
  }),

  test(["blobs"], "a blob replaced half-way through never gives bytes of the new generation", async ({ blobs }) => {
    const bytes = noise(LARGE);
    const ref = await create(blobs, bytes);
    const reader = blobs.read(ref)[Symbol.asyncIterator]();
    const first = await reader.next();
    check(!first.done, "there must be a first chunk.");
    await blobs.delete(ref);
    await create(blobs, noise(LARGE, 2), "2");
    const rest = await attempt(() => toBytes({ [Symbol.asyncIterator]: () => reader }));
    if ("error" in rest) failsWith(rest.error, "NOT_FOUND", "the rest of what was replaced");
    else equalBytes(rest.value, bytes.subarray(first.value.length), "the rest");
  }),

  test(["blobs"], "list gives every blob of the session and of no other", async ({ blobs }) => {
    const ids = ["s", "s2", "s/x", "S", "s\0"];
    const refs: BlobRef[] = [];
    for (const id of ids) {
      for (const n of upTo(40))
        refs.push(await blobs.create({ id, name: `blob ${n}` }, `g${n}`, pieces(noise(n), 100)));
    }
    for (const id of ids) {
      const listed = new Map((await all(blobs.list(id))).map((ref) => [ref.key.name, ref]));
      const expected = refs.filter((ref) => ref.key.id === id);
      equal(listed.size, expected.length, `number of blobs of "${id}"`);
      for (const ref of expected) equal(listed.get(ref.key.name), ref, "the blob listed");
    }
    const [first] = refs;
    if (first) await blobs.delete(first);
    equal((await all(blobs.list("s"))).length, 39, "number of blobs after a delete");
  }),
];
