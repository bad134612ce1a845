/** What the tests of notes, samples and passes share. */
import { KEY } from "../../../src/adapter.js";
import { bytesOf, toBytes } from "../../../src/index.js";
import { metaOf, type World } from "../../support.js";

/** Flips a bit in the middle of the session's archive; doing it twice mends it. */
export async function flipArchive({ archiver, ports }: World, id: string): Promise<void> {
  const key = (await archiver.info(id)).archiveKey ?? "";
  const bytes = (await toBytes(ports.archives.read(key))).slice();
  const middle = bytes.length >> 1;
  await ports.archives.delete(key);
  await ports.archives.put(key, bytesOf(bytes.with(middle, (bytes[middle] ?? 0) ^ 1)));
}

/** Sets keys of the session's metadata by force. */
export async function force(w: World, id: string, changes: Record<string, never[] | number | string>): Promise<void> {
  const object = await w.ports.objects.get(id);
  await w.ports.objects.put(id, { ...object?.meta, ...changes }, object?.version ?? null);
}

export async function notedAt(w: World, id = "s"): Promise<unknown> {
  return (await metaOf(w, id))[KEY.verifiedAt];
}

/** The ids of the sessions that are noted as whole from now on, in order. */
export function watchNotes({ ports }: World): string[] {
  const noted: string[] = [];
  const { get, put } = ports.objects;
  ports.objects.put = async (id, meta, ...rest) => {
    const before = (await get(id))?.meta[KEY.verifiedAt];
    const version = await put(id, meta, ...rest);
    if (meta[KEY.verifiedAt] !== undefined && meta[KEY.verifiedAt] !== before) noted.push(id);
    return version;
  };
  return noted;
}
