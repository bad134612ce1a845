/** Illegal names are refused before anything is done. */
import { about, type Case } from "../case.js";
import { equal, rejects } from "../support/assert.js";
import { pieces } from "../support/bodies.js";
import { all, text, toBytes } from "../support/data.js";
import { ILLEGAL_NAMES } from "../support/names.js";

const test = about("Names: illegal ones");

type Refused = (method: string, call: () => Promise<unknown>) => Promise<void>;

/** Tries each illegal name. */
async function refusesAll(tryWith: (value: string, refused: Refused) => Promise<void>): Promise<void> {
  for (const { what, value } of ILLEGAL_NAMES) {
    await tryWith(value, (method, call) => rejects("INVALID_ARGUMENT", `${method} with a name that is ${what}`, call));
  }
}

export const illegalNameCases: readonly Case[] = [
  test(["objects"], "objects refuses illegal ids, and nothing is changed", async ({ objects }) => {
    await refusesAll(async (id, refused) => {
      await refused("get", () => objects.get(id));
      await refused("put", () => objects.put(id, {}, null));
      await refused("put at a version", () => objects.put(id, {}, "1"));
      await refused("delete", () => objects.delete(id, "1"));
    });
    equal(await all(objects.list()), [], "list");
  }),

  test(["blobs"], "blobs refuses illegal ids, names and generations, and nothing is changed", async ({ blobs }) => {
    const ref = await blobs.create({ id: "s", name: "output" }, "1", pieces(text("x"), 1));
    await refusesAll(async (value, refused) => {
      for (const key of [
        { id: value, name: "output" },
        { id: "s", name: value },
      ]) {
        await refused("stat", () => blobs.stat(key));
        await refused("create", () => blobs.create(key, "1", pieces(text("x"), 1)));
        await refused("read", () => toBytes(blobs.read({ ...ref, key })));
        await refused("append", () => blobs.append({ ...ref, key }, text("x")));
        await refused("delete", () => blobs.delete({ ...ref, key }));
      }
      await refused("list", () => all(blobs.list(value)));
      await refused("create", () => blobs.create({ id: "s", name: "other" }, value, pieces(text("x"), 1)));
    });
    equal(await all(blobs.list("s")), [ref], "list");
  }),

  test(["archives"], "archives refuses illegal keys, and nothing is changed", async ({ archives }) => {
    await refusesAll(async (key, refused) => {
      await refused("put", () => archives.put(key, pieces(text("x"), 1)));
      await refused("stat", () => archives.stat(key));
      await refused("read", () => toBytes(archives.read(key)));
      await refused("delete", () => archives.delete(key));
    });
    equal(await all(archives.list()), [], "list");
  }),
];
