/** A damaged value in a key-value store hides no other. The contract itself is tested by the conformance suite. */
import { expect, test } from "vitest";
import { type KvEntry, portsFromKv } from "../../src/adapter.js";
import { encode } from "../support.js";
import { mapKv } from "./map-kv.js";

const DAMAGE: readonly Uint8Array[] = [...["", "{", "null", "[]", "7"].map(encode), Uint8Array.of(0xff, 0xfe)];

test.each(DAMAGE.map((bytes) => [bytes]))(
  "a value that holds no object is reported, and hides no other",
  async (bytes) => {
    const entries = new Map<string, KvEntry>();
    const skipped: Error[] = [];
    const { objects } = portsFromKv(mapKv(entries), { onSkipped: (error) => skipped.push(error) });
    for (const id of ["a", "bad", "c"]) await objects.put(id, {}, null);
    entries.set("object/bad", { value: bytes.slice(), version: "v" });
    expect((await Array.fromAsync(objects.list())).map(({ id }) => id)).toEqual(["a", "c"]);
    expect(skipped).toMatchObject([{ code: "CORRUPT", id: "bad" }]);
    await expect(objects.get("bad")).rejects.toMatchObject({ code: "CORRUPT", id: "bad" });
    const { objects: silent } = portsFromKv(mapKv(entries));
    expect(await Array.fromAsync(silent.list())).toHaveLength(2);
  },
);

test("what fails for another reason ends the listing", async () => {
  const entries = new Map<string, KvEntry>();
  const kv = mapKv(entries);
  await portsFromKv(kv).objects.put("a", {}, null);
  const { objects } = portsFromKv({ ...kv, get: () => Promise.reject(new Error("the network")) });
  await expect(Array.fromAsync(objects.list())).rejects.toThrow("the network");
});

test.each(DAMAGE.map((bytes) => [bytes]))(
  "damaged own metadata is CORRUPT, says where it stands, and disturbs nothing else",
  async (bytes) => {
    const entries = new Map<string, KvEntry>();
    const { objects } = portsFromKv(mapKv(entries));
    await objects.put("a", {}, null);
    entries.set("store", { value: bytes.slice(), version: "v" });
    await expect(objects.ownMeta?.get()).rejects.toMatchObject({ code: "CORRUPT", message: /store/ });
    expect(await Array.fromAsync(objects.list())).toHaveLength(1);
  },
);
