/** Whose archive a file is, by the sink keys that it may have had. */
import { expect, test, vi } from "vitest";
import { archiveNamed } from "../../src/format.js";
import { toBytes } from "../../src/index.js";
import { encode, jsonl, keysOf, makeSession, world } from "../support.js";

/** Keys and manifest of an archived session with a sidecar. */
async function archived(id: string): Promise<{ keys: readonly string[]; manifest: Uint8Array }> {
  const w = world();
  await makeSession(w, id, jsonl(2));
  await w.ports.blobs.create({ id, name: "side" }, "live-1", (async function* () {})());
  await w.archiver.archive(id);
  const { manifest } = await w.archiver.files(id);
  return { keys: await keysOf(w), manifest: await toBytes(w.ports.archives.read(manifest?.key ?? "")) };
}

const unasked = (): Promise<Uint8Array> => Promise.reject(new Error("not to be asked for"));
const END = ".20260131t180000000z-0123456789abcdef";

test("every file of an archive, and a record, is recognised by its key alone", async () => {
  const { keys } = await archived("a/b");
  const names = await Promise.all(keys.map((key) => archiveNamed([key], unasked)));
  expect(
    names.filter((name) => name?.kind !== "record").sort((a, b) => ((a?.kind ?? "") < (b?.kind ?? "") ? -1 : 1)),
  ).toEqual([
    { kind: "manifest", id: "a/b" },
    { kind: "output", id: "a/b" },
    { kind: "sidecar", id: "a/b" },
  ]);
  expect(await archiveNamed([`0123456789ab/runs/20260131t180000000z.0123456789abcdef.json`], unasked)).toEqual({
    ...{ kind: "record", id: "" },
  });
  for (const keys of [[], ["notes.json"], ["s.jsonl.gz"]]) expect(await archiveNamed(keys, unasked)).toBeUndefined();
});

test("of keys of several sessions, the manifest says which; without a right one the likeliest has to do", async () => {
  const keys = ["b", "a/b", "x/a/b"].map((id) => `${id}${END}.jsonl.gz`);
  const of = async (id: string) => (await archived(id)).manifest;
  expect(await archiveNamed(keys, () => of("a/b"))).toEqual({ kind: "output", id: "a/b" });
  expect(await archiveNamed(keys, () => of("another"))).toEqual({ kind: "output", id: "b" });
  expect(await archiveNamed(keys, async () => encode("{}"))).toEqual({ kind: "output", id: "b" });
  expect(await archiveNamed(keys, unasked)).toEqual({ kind: "output", id: "b" });
});

test("a file beside an archive belongs to the likeliest session, and no manifest is read", async () => {
  const readManifest = vi.fn(async () => (await archived("a/b")).manifest);
  for (const [ending, kind] of [
    [".json", "manifest"],
    [".1.gz", "sidecar"],
  ] as const) {
    const keys = ["b", "a/b"].map((id) => `${id}${END}${ending}`);
    expect(await archiveNamed(keys, readManifest)).toEqual({ kind, id: "b" });
  }
  expect(readManifest).not.toHaveBeenCalled();
});
