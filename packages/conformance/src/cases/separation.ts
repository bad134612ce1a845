/** No port affects another, even if one backend holds all three. */
import { about, type Case } from "../case.js";
import { check, equal, equalBytes } from "../support/assert.js";
import { pieces } from "../support/bodies.js";
import { all, MIB, noise, text, toBytes } from "../support/data.js";

const test = about("Separation of the ports");

export const separationCases: readonly Case[] = [
  test(
    ["objects", "blobs"],
    "deleting an object leaves its blobs, and the other way round",
    async ({ objects, blobs }) => {
      const version = await objects.put("s", {}, null);
      const ref = await blobs.create({ id: "s", name: "output" }, "1", pieces(text("x"), 1));
      await objects.delete("s", version);
      equal(await blobs.stat(ref.key), ref, "the blob");
      await objects.put("s", { again: true }, null);
      await blobs.delete(ref);
      equal((await objects.get("s"))?.meta, { again: true }, "the object");
    },
  ),

  test(
    ["objects", "blobs", "archives"],
    "the same name in all ports means three things",
    async ({ objects, blobs, archives }) => {
      for (const name of ["s", "s/output", "output", "blobs/s", "__proto__"]) {
        const version = await objects.put(name, { name }, null);
        await archives.put(name, pieces(text(`archive ${name}`), 5));
        const ref = await blobs.create({ id: name, name }, "1", pieces(text(`blob ${name}`), 5));
        equal(await objects.get(name), { id: name, version, meta: { name } }, "the object");
        equalBytes(await toBytes(blobs.read(ref)), text(`blob ${name}`), "the blob");
        await archives.delete(name);
        equal(await blobs.stat(ref.key), ref, "the blob, after the archive was deleted");
      }
      equal((await all(objects.list())).length, 5, "number of objects");
      equal((await all(archives.list())).length, 0, "number of archives");
    },
  ),

  test(
    ["blobs", "archives"],
    "bytes flow between blobs and archives, both ways at once",
    async ({ blobs, archives }) => {
      const bytes = noise(3 * MIB);
      const ref = await blobs.create({ id: "s", name: "output" }, "1", pieces(bytes, 100_000));
      await archives.put("s.gz", blobs.read(ref));
      const [copy, archive] = await Promise.all([
        blobs.create({ id: "copy", name: "output" }, "2", archives.read("s.gz")),
        archives.put("other", blobs.read(ref)),
      ]);
      equal(archive.size, bytes.length, "size of the archive");
      equalBytes(await toBytes(blobs.read(copy)), bytes, "the copy");
    },
  ),

  test(
    ["objects", "blobs", "archives"],
    "objects can be written while a body is read",
    async ({ objects, blobs, archives }) => {
      let version: string | null = null;
      const body = async function* (): AsyncGenerator<Uint8Array> {
        for await (const piece of pieces(noise(5000), 1000)) {
          version = await objects.put("s", { size: piece.length }, version);
          yield piece;
        }
      };
      await archives.put("a", body());
      await blobs.create({ id: "s", name: "output" }, "1", body());
      check(version !== null && (await objects.get("s"))?.version === version, "the last put must be current.");
    },
  ),
];
