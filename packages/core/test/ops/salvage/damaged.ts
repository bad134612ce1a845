/** A damaged session, and what its damaged bytes were. */
import { expect } from "vitest";
import { quarantineKey } from "../../../src/format/keys.js";
import { jsonl, longLines, type World } from "../../support.js";
import { archived, flip, keyAt, sinkBytesOf } from "./support.js";

export const TEXT: string = longLines(1100);
export const MORE: string = jsonl(9, 2);
const damagedBytes = new WeakMap<World, Uint8Array>();
const damagedKeys = new WeakMap<World, string>();

export async function damagedWorld(more = MORE): Promise<World> {
  const w = await archived(TEXT, { sidecar: "1\n" });
  const recorder = w.archiver.recorder("s");
  if (more !== "") await recorder.append(more);
  await recorder.close();
  const key = await keyAt(w, "archiveKey");
  await flip(w, key, 0.5);
  damagedKeys.set(w, key);
  damagedBytes.set(w, await sinkBytesOf(w, key));
  return w;
}

/** The damaged bytes are under their own key or in quarantine. */
export async function expectDamagedKept(w: World): Promise<void> {
  const key = damagedKeys.get(w) ?? "";
  const copy = quarantineKey(key) ?? "";
  const at = (await w.ports.archives.stat(copy)) ? copy : key;
  expect(await sinkBytesOf(w, at)).toEqual(damagedBytes.get(w));
}
