/** Exports of a session that is moved meanwhile. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { ArchiverError, type Bytes, bytesOf, type Exported, toBytes } from "../../../src/index.js";
import { encode, jsonl, makeSession, type World, world } from "../../support.js";

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
