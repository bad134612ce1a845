/** Exports: the right bytes from every state, the archive's own where there are such, and never wrong ones silently. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { KEY, memoryArchives } from "../src/adapter.js";
import { scanArchive } from "../src/format/scan.js";
import { ArchiverError, type Bytes, bytesOf, type Exported, type Progress, toBytes } from "../src/index.js";
import { codec, encode, jsonl, loseManifests, makeSession, type World, world } from "./support.js";

const TEXT = jsonl(50);
const MORE = '{"more":true}\n';

const STATES = ["live", "archived", "resumed", "restored", "half restored", "unsettled"] as const;

/** The session's text, which it has in this state. */
async function make(w: World, state: (typeof STATES)[number], text = TEXT): Promise<string> {
  await makeSession(w, "s", text);
  await w.ports.blobs.create({ id: "s", name: "side" }, "live-1", bytesOf(encode("a sidecar")));
  const { objects, blobs } = w.ports;
  const { put } = objects;
  const { delete: remove } = blobs;
  if (state === "unsettled") blobs.delete = unreachable;
  if (state !== "live") await w.archiver.archive("s");
  blobs.delete = remove;
  if (state === "resumed") await w.archiver.recorder("s").append(MORE);
  if (state === "restored") await w.archiver.restore("s");
  if (state === "half restored") {
    let puts = 0;
    objects.put = (...args) => (puts++ === 0 ? put(...args) : unreachable());
    await expect(w.archiver.restore("s")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    objects.put = put;
  }
  return state === "resumed" ? text + MORE : text;
}

async function unreachable(): Promise<never> {
  throw new ArchiverError("UNAVAILABLE", "The store can't be reached.");
}

async function archiveOf({ ports }: World, name = "output"): Promise<{ key: string; bytes: Uint8Array }> {
  const files = (await ports.objects.get("s"))?.meta[KEY.archiveFiles] as unknown as { name: string; path: string }[];
  const key = files.find((file) => file.name === name)?.path ?? "";
  return { key, bytes: await toBytes(ports.archives.read(key)) };
}

/** A sink in which other bytes lie under the key. */
function changeArchive({ ports }: World, key: string, bytes: Uint8Array | undefined): void {
  const { read, stat } = ports.archives;
  // biome-ignore lint/correctness/useYield: it fails instead
  const gone = async function* (): Bytes {
    throw new ArchiverError("NOT_FOUND", `There is no archive "${key}".`, { key });
  };
  ports.archives.read = (asked, range, op) => {
    if (asked !== key) return read(asked, range, op);
    return bytes ? chunksOf(bytes.subarray(range?.start ?? 0, range?.end)) : gone();
  };
  ports.archives.stat = async (asked, op) => {
    const info = await stat(asked, op);
    return asked === key && info ? bytes && { ...info, size: bytes.length } : info;
  };
}

async function* chunksOf(bytes: Uint8Array, size = 100): Bytes {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

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

test("a session without output is an empty file; what is not there is told", async () => {
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

describe.each(["with its manifest", "without its manifest"])("an archive, %s,", (manifest) => {
  const damagedIn = async (
    change: (bytes: Uint8Array) => Uint8Array | undefined,
  ): Promise<{ w: World; bytes: Uint8Array }> => {
    const w = world();
    await make(w, "archived", jsonl(5));
    const { key, bytes } = await archiveOf(w);
    if (manifest.startsWith("without")) await loseManifests(w);
    changeArchive(w, key, change(bytes.slice()));
    return { w, bytes };
  };
  const given = async (w: World): Promise<{ bytes: Uint8Array; error: unknown }> => {
    const chunks: Uint8Array[] = [];
    let error: unknown;
    try {
      for await (const chunk of (await w.archiver.export("s", { as: "gzip" })).bytes) chunks.push(chunk);
    } catch (reason) {
      error = reason;
    }
    return { bytes: await toBytes(bytesOf(...chunks)), error };
  };

  test("is copied as it is", async () => {
    const { w, bytes } = await damagedIn((same) => same);
    expect(await given(w)).toEqual({ bytes, error: undefined });
    expect(await w.archiver.export("s", { as: "gzip" })).toMatchObject({ copied: true, size: bytes.length });
  });

  test("with any byte changed is CORRUPT, and what was given is no whole file", async () => {
    const { length } = (await damagedIn((same) => same)).bytes;
    for (let at = 0; at < length; at++) {
      const { w, bytes } = await damagedIn((copy) => {
        copy[at] = (copy[at] ?? 0) ^ 1;
        return copy;
      });
      const outcome = await given(w);
      expect([at, outcome.error]).toMatchObject([at, { code: "CORRUPT", id: "s" }]);
      expect(outcome.bytes.length).toBeLessThan(bytes.length);
    }
  });

  test("that is cut off, goes on after its end or is gone is CORRUPT", async () => {
    const changes: ((bytes: Uint8Array) => Uint8Array | undefined)[] = [
      (bytes) => bytes.subarray(0, 0),
      (bytes) => bytes.subarray(0, 100),
      (bytes) => bytes.subarray(0, -1),
      (bytes) => Uint8Array.of(...bytes, 0),
      (bytes) => Uint8Array.of(...bytes, ...bytes),
      () => undefined,
    ];
    for (const [n, change] of changes.entries()) {
      const { w, bytes } = await damagedIn(change);
      const outcome = await given(w);
      expect([n, outcome.error]).toMatchObject([n, { code: "CORRUPT", id: "s" }]);
      expect(() => gunzipSync(outcome.bytes)).toThrow();
      expect(outcome.bytes.length).toBeLessThan(bytes.length);
    }
  });
});

describe("moved meanwhile:", () => {
  const gone = async (w: World): Promise<void> => {
    await w.archiver.restore("s");
    await w.archiver.gc({ graceDays: 0 });
  };

  test("before the first byte it starts over, and says what it gives", async () => {
    const w = world();
    await make(w, "archived");
    const exported = await w.archiver.export("s", { as: "gzip" });
    expect(exported.copied).toBe(true);
    await gone(w);
    expect(gunzipSync(await exported.bytes.bytes()).toString()).toBe(TEXT);
    expect(exported).toMatchObject({ copied: false, size: null });
  });

  test("into another archive, it is copied from there", async () => {
    const w = world();
    await make(w, "archived");
    const exported = await w.archiver.export("s", { as: "gzip" });
    await gone(w);
    w.now += 1000;
    await w.archiver.recorder("s").append(MORE);
    await w.archiver.archive("s");
    const { bytes } = await archiveOf(w);
    expect(await exported.bytes.bytes()).toEqual(bytes);
    expect(exported).toMatchObject({ copied: true, size: bytes.length });
  });

  test.each(["CONFLICT", "PRUNED", "NOT_FOUND"])("after that it fails with %s", async (code) => {
    const w = world();
    await make(w, "archived");
    const { key, bytes } = await archiveOf(w);
    changeArchive(w, key, bytes); // in small chunks
    const { read } = w.ports.archives;
    w.ports.archives.read = async function* (asked, range, op) {
      let n = 0;
      for await (const chunk of read(asked, range, op)) {
        if (asked === key && n++ === 2) {
          w.ports.archives.read = read;
          if (code === "CONFLICT") await gone(w);
          else if (code === "PRUNED") await w.archiver.pruneSession("s");
          else await w.archiver.remove("s");
          throw new ArchiverError("NOT_FOUND", `There is no archive "${key}".`, { key });
        }
        yield chunk;
      }
    };
    const exported: Exported = await w.archiver.export("s", { as: "gzip" });
    await expect(exported.bytes.bytes()).rejects.toMatchObject({ code, id: "s" });
  });

  test("a raw or compressed export goes on, with the bytes it began with", async () => {
    for (const as of ["jsonl", "gzip"] as const) {
      const w = world();
      await make(w, "live");
      const exported = await w.archiver.export("s", { as });
      await w.archiver.archive("s");
      await w.archiver.recorder("s").append(MORE);
      const bytes = await exported.bytes.bytes();
      expect((as === "gzip" ? gunzipSync(bytes) : Buffer.from(bytes)).toString()).toBe(TEXT);
    }
  });
});

test("compressing reads ahead a few segments, however large the session", async () => {
  const w = world();
  const chunk = encode(`${"x".repeat(1023)}\n`.repeat(256));
  const large = async function* (): Bytes {
    for (let n = 0; n < 160; n++) yield chunk;
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
  expect(raw).toBe(chunk.length * 160);
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
  await make(w, state, jsonl(30_000));
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
