/** Exports: the right bytes from every state, the archive's own where there are such, and never wrong ones silently. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { memoryArchives } from "../../src/adapter.js";
import { scanArchive } from "../../src/format/scan.js";
import { type Bytes, bytesOf, type Progress } from "../../src/index.js";
import { codec } from "../codecs.js";
import { encode, jsonl, world } from "../support.js";
import { archiveOf, chunksOf, make, STATES, TEXT } from "./export/support.js";

describe.each(STATES)("of a %s session", (state) => {
  test.each(["output", "side"])("%s comes raw, and as gzip in archive format 1", async (name) => {
    const w = world();
    const output = await make(w, state);
    const text = name === "output" ? output : "a sidecar";
    const raw = await w.archiver.export("s", { name });
    expect(raw).toMatchObject({ format: "jsonl", copied: false, size: encode(text).length });
    expect(await raw.bytes.text()).toBe(text);

    const gzip = await w.archiver.export("s", { as: "gzip", name });
    const bytes = await gzip.bytes.bytes();
    expect(new TextDecoder().decode(gunzipSync(bytes))).toBe(text);
    const isCopied = state === "archived" || state === "unsettled" || (state === "resumed" && name === "side");
    expect(gzip).toMatchObject({ format: "gzip", copied: isCopied, size: isCopied ? bytes.length : null });
    if (isCopied) expect(bytes).toEqual((await archiveOf(w, name)).bytes);
    const sink = memoryArchives();
    await sink.put("copy", bytesOf(bytes));
    expect(await scanArchive(sink, codec, "copy")).toMatchObject({ rawBytes: encode(text).length });
    expect(await gzip.bytes.bytes()).toEqual(bytes);
  });
});

test("a session without output is an empty file; an unknown session is NOT_FOUND", async () => {
  const { archiver } = world();
  await archiver.create("s");
  expect(await (await archiver.export("s")).bytes.text()).toBe("");
  expect(gunzipSync(await (await archiver.export("s", { as: "gzip" })).bytes.bytes())).toHaveLength(0);
  await expect(archiver.export("s", { name: "side" })).rejects.toMatchObject({ code: "NOT_FOUND", key: "side" });
  await expect(archiver.export("t")).rejects.toMatchObject({ code: "NOT_FOUND", id: "t" });
});

test("a pruned session is not exported", async () => {
  const w = world();
  await make(w, "archived");
  await w.archiver.pruneSession("s");
  for (const as of ["jsonl", "gzip"] as const) {
    await expect(w.archiver.export("s", { as })).rejects.toMatchObject({ code: "PRUNED", id: "s" });
  }
});

test("compressing reads ahead a few segments, however large the session", async () => {
  const w = world();
  const chunk = encode(`${"x".repeat(1023)}\n`.repeat(256));
  const large = async function* (): Bytes {
    for (let n = 0; n < 48; n++) yield chunk;
  };
  await w.ports.objects.put("s", { view: "agent" }, null);
  await w.ports.blobs.create({ id: "s", name: "output" }, "live-s", large());
  const { read } = w.ports.blobs;
  let ahead = 0;
  let most = 0;
  w.ports.blobs.read = async function* (...args) {
    for await (const bytes of read(...args)) {
      ahead += bytes.length;
      most = Math.max(most, ahead);
      yield bytes;
    }
  };
  let raw = 0;
  const onProgress = ({ bytes }: Progress): void => {
    ahead -= bytes - raw;
    raw = bytes;
  };
  for await (const _ of (await w.archiver.export("s", { as: "gzip", onProgress })).bytes);
  expect(raw).toBe(chunk.length * 48);
  expect(most).toBeLessThan(8 * 1024 * 1024);
});

test.each([
  ["live", "jsonl"],
  ["live", "gzip"],
  ["archived", "jsonl"],
  ["archived", "gzip"],
] as const)("a %s session tells how far its export as %s is", async (state, as) => {
  const w = world();
  await make(w, state);
  const all: Progress[] = [];
  const exported = await w.archiver.export("s", { as, onProgress: (progress) => void all.push(progress) });
  expect(all).toEqual([]);
  const { length } = await exported.bytes.bytes();
  const total = exported.copied ? length : encode(TEXT).length;
  expect(all.at(-1)).toEqual({ id: "s", operation: "export", bytes: total, totalBytes: total });
});

test.each(["live", "archived"] as const)("an aborted export of a %s session ends with ABORTED", async (state) => {
  const w = world();
  await make(w, state, jsonl(10_000));
  const { blobs, archives } = w.ports;
  const [readBlob, readArchive] = [blobs.read, archives.read];
  blobs.read = (at, range) => readBlob(at, range); // a store that can't stop half-way
  archives.read = async function* (key, range) {
    for await (const chunk of readArchive(key, range)) yield* chunksOf(chunk, 100_000);
  };
  for (const as of ["jsonl", "gzip"] as const) {
    const abort = new AbortController();
    const onProgress = (): void => abort.abort();
    const exported = await w.archiver.export("s", { as, signal: abort.signal, onProgress });
    await expect(exported.bytes.bytes()).rejects.toMatchObject({ code: "ABORTED" });
  }
});
