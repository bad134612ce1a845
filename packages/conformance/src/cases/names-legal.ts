/** Ids, blob names, generations and sink keys are untrusted text: all of it legal, all of it distinct. */
import type { BlobRef, BlobStore, ObjectStore } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { equal, equalBytes, equalSets, rejects } from "../support/assert.js";
import { pieces } from "../support/bodies.js";
import { all, text, toBytes } from "../support/data.js";
import { LEGAL_NAMES } from "../support/names.js";

const test = about("Names: legal ones");

/** The first half is deleted again; the second half must stay. */
const DELETED = LEGAL_NAMES.filter((_, n) => n % 2 === 0);
const KEPT = LEGAL_NAMES.filter((_, n) => n % 2 === 1);

/** What is stored under the name. */
function content(name: string): Uint8Array {
  return text(`the content of ${name}`);
}

async function checkObjects(objects: ObjectStore, ids: readonly string[]): Promise<void> {
  equalSets(
    (await all(objects.list())).map((object) => object.id),
    ids,
    "list",
  );
  for (const id of ids) {
    const object = await objects.get(id);
    equal([object?.id, object?.meta], [id, { is: id }], "get");
  }
}

/** The blobs of a session are exactly these, each with its own bytes. */
async function checkBlobs(blobs: BlobStore, id: string, names: readonly string[]): Promise<void> {
  equalSets(
    (await all(blobs.list(id))).map((ref) => ref.key.name),
    names,
    `list("${id}")`,
  );
  for (const name of names) {
    const ref = await blobs.stat({ id, name });
    equal(ref?.key, { id, name }, "the key of stat");
    if (ref) equalBytes(await toBytes(blobs.read(ref)), content(id + name), `the bytes of "${id}", "${name}"`);
  }
}

function blob(blobs: BlobStore, id: string, name: string, generation = "1"): Promise<BlobRef> {
  return blobs.create({ id, name }, generation, pieces(content(id + name), 7));
}

export const legalNameCases: readonly Case[] = [
  test(["objects"], "object ids come back as they are, and delete takes no other with it", async ({ objects }) => {
    const versions = new Map<string, string>();
    for (const id of LEGAL_NAMES) versions.set(id, await objects.put(id, { is: id }, null));
    await checkObjects(objects, LEGAL_NAMES);
    for (const id of DELETED) await objects.delete(id, versions.get(id) ?? "");
    await checkObjects(objects, KEPT);
  }),

  test(["blobs"], "session ids come back as they are, and delete takes no other's blobs with it", async ({ blobs }) => {
    const refs = new Map<string, BlobRef>();
    for (const id of LEGAL_NAMES) refs.set(id, await blob(blobs, id, "output"));
    for (const id of LEGAL_NAMES) await checkBlobs(blobs, id, ["output"]);
    for (const id of DELETED) await blobs.delete(refs.get(id) as BlobRef);
    for (const id of DELETED) await checkBlobs(blobs, id, []);
    for (const id of KEPT) await checkBlobs(blobs, id, ["output"]);
  }),

  test(["blobs"], "blob names come back as they are, and delete takes no other with it", async ({ blobs }) => {
    const refs = new Map<string, BlobRef>();
    for (const name of LEGAL_NAMES) refs.set(name, await blob(blobs, "s", name));
    await checkBlobs(blobs, "s", LEGAL_NAMES);
    for (const name of DELETED) await blobs.delete(refs.get(name) as BlobRef);
    await checkBlobs(blobs, "s", KEPT);
  }),

  test(["blobs"], "generations come back as they are, and none passes for another", async ({ blobs }) => {
    for (const [n, generation] of LEGAL_NAMES.entries()) {
      const ref = await blob(blobs, "s", "output", generation);
      equal((await blobs.stat(ref.key))?.generation, generation, "the generation");
      const other = { ...ref, generation: LEGAL_NAMES.at(n - 1) ?? "" };
      await rejects("NOT_FOUND", "read of another generation", () => toBytes(blobs.read(other)));
      await rejects("CONFLICT", "append to another generation", () => blobs.append(other, text("x")));
      await rejects("CONFLICT", "delete of another generation", () => blobs.delete(other));
      await blobs.delete(ref);
    }
  }),

  test(["archives"], "sink keys come back as they are, and delete takes no other with it", async ({ archives }) => {
    for (const key of LEGAL_NAMES) await archives.put(key, pieces(content(key), 7));
    const isNow = async (keys: readonly string[]): Promise<void> => {
      equalSets(
        (await all(archives.list())).map((info) => info.key),
        keys,
        "list",
      );
      for (const key of keys) {
        equal((await archives.stat(key))?.key, key, "the key of stat");
        equalBytes(await toBytes(archives.read(key)), content(key), `the bytes of "${key}"`);
      }
    };
    await isNow(LEGAL_NAMES);
    for (const key of DELETED) await archives.delete(key);
    await isNow(KEPT);
  }),

  test(["blobs"], "an id and a name are two: no way of joining them makes two blobs one", async ({ blobs }) => {
    const keys = ["/", "\0", ":", "|", "\\", ",", "\u001f", '","', "%2f", "%00", "\n", ".", "-", "_"].flatMap(
      (separator) => [
        [`a${separator}b`, "c"],
        ["a", `b${separator}c`],
      ],
    ) as [string, string][];
    keys.push(["ab", "c"], ["a", "bc"], ["1", "1a"], ["11", "a"]);
    for (const [id, name] of keys) await blob(blobs, id, name);
    for (const id of new Set(keys.map(([id]) => id))) {
      const names = keys.filter(([other]) => other === id).map(([, name]) => name);
      await checkBlobs(blobs, id, names);
    }
  }),
];
