/** Exports of damaged archives: no whole file, and CORRUPT. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { ArchiverError, type Bytes, bytesOf, toBytes } from "../../../src/index.js";
import { encode, jsonl, loseManifests, makeSession, type World, world } from "../../support.js";

const STATES = ["live", "archived", "resumed", "restored", "half restored", "unsettled"] as const;
const TEXT = jsonl(50);

async function unreachable(): Promise<never> {
  throw new ArchiverError("UNAVAILABLE", "The store can't be reached.");
}

const MORE = '{"more":true}\n';

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

async function archiveOf({ ports }: World, name = "output"): Promise<{ key: string; bytes: Uint8Array }> {
  const files = (await ports.objects.get("s"))?.meta[KEY.archiveFiles] as unknown as { name: string; path: string }[];
  const key = files.find((file) => file.name === name)?.path ?? "";
  return { key, bytes: await toBytes(ports.archives.read(key)) };
}

async function* chunksOf(bytes: Uint8Array, size = 100): Bytes {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
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
