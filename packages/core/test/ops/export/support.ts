/** What the tests of exports share: a session in each state, and a sink in which other bytes lie. */
import { expect } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { ArchiverError, type Bytes, bytesOf, toBytes } from "../../../src/index.js";
import { unreachable } from "../../faults.js";
import { encode, jsonl, makeSession, type World } from "../../support.js";

export const TEXT = jsonl(50);

export const MORE = '{"more":true}\n';

export const STATES = ["live", "archived", "resumed", "restored", "half restored", "unsettled"] as const;

/** The session's text, which it has in this state. */
export async function make(w: World, state: (typeof STATES)[number], text = TEXT): Promise<string> {
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

export async function archiveOf({ ports }: World, name = "output"): Promise<{ key: string; bytes: Uint8Array }> {
  const files = (await ports.objects.get("s"))?.meta[KEY.archiveFiles] as unknown as { name: string; path: string }[];
  const key = files.find((file) => file.name === name)?.path ?? "";
  return { key, bytes: await toBytes(ports.archives.read(key)) };
}

/** Puts other bytes under the key in the sink, or none; what it gives back takes that back. */
export function changeArchive({ ports }: World, key: string, bytes: Uint8Array | undefined): () => void {
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
  return () => void Object.assign(ports.archives, { read, stat });
}

export async function* chunksOf(bytes: Uint8Array, size = 100): Bytes {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}
