/** What the tests of gc share: an archiver that dies, and a catalogue that is set back. */
import { expect } from "vitest";
import type { Meta } from "../../../src/index.js";
import type { World } from "../../support.js";

/** The catalogue as it was, with the sink as it is. */
export async function setBack(w: World, id: string, meta: Meta): Promise<void> {
  const object = await w.ports.objects.get(id);
  await w.ports.objects.put(id, meta, object?.version ?? null);
}

export async function append(w: World, id: string, line: string): Promise<void> {
  await using recorder = w.archiver.recorder(id);
  await recorder.append(line);
}

/** Archives, and dies before the commit. */
export async function dieBeforeCommit(w: World, id: string): Promise<void> {
  const { put } = w.ports.objects;
  w.ports.objects.put = async () => {
    throw Object.assign(new Error("crash"), { code: "UNAVAILABLE" });
  };
  await expect(w.archiver.archive(id)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  w.ports.objects.put = put;
}
