/** Sessions that the catalogue has lost, or knows only as they were before. */
import type { Archiver, Ports } from "@session-archiver/core";
import { crc32, isRecordKey } from "@session-archiver/core/format";
import { all, text } from "../support/data.js";
import { archiverOn } from "../support/session.js";
import type { Operation } from "./operations.js";
import { archived, archivedAlone, merged, type Prepare, resumed } from "./states.js";

const restored: Prepare = async (ports, id) => {
  const output = await archived(ports, id);
  await archiverOn(ports).restore(id);
  return output;
};

/** The same, with the session's object lost. */
function lost(prepare: Prepare): Prepare {
  return async (ports, id) => {
    await beginStore(ports, id);
    const output = await prepare(ports, id);
    await ports.objects.delete(id, await versionOf(ports, id));
    return output;
  };
}

/** The object is as it was before the session went on and was archived again. */
const behind: Prepare = async (ports, id) => {
  await beginStore(ports, id);
  await archived(ports, id);
  const before = (await ports.objects.get(id))?.meta ?? {};
  const { append, close } = archiverOn(ports).recorder(id);
  await append("and on\n");
  await close();
  await archiverOn(ports).archive(id);
  const output = await archiverOn(ports).read(id).bytes();
  await ports.objects.put(id, before, await versionOf(ports, id));
  return output;
};

/** A store of its own, without the run records of all sessions before: a rebuild lists and reads them. */
async function beginStore({ objects, archives }: Ports, id: string): Promise<void> {
  for (const { key } of await all(archives.list())) if (isRecordKey(key)) await archives.delete(key);
  const own = await objects.ownMeta?.get();
  const storeId = crc32(text(id)).toString(16).padStart(12, "0");
  await objects.ownMeta?.put({ id: storeId }, own?.version ?? null);
}

async function versionOf({ objects }: Ports, id: string): Promise<string> {
  return (await objects.get(id))?.version ?? "";
}

const rebuild = (archiver: Archiver): Promise<unknown> => archiver.rebuild();

export const REBUILDS: readonly Operation[] = [
  { name: "rebuild of an archived session", prepare: lost(archived), operate: rebuild, rebuilds: true },
  { name: "rebuild of a short session", prepare: lost(archivedAlone), operate: rebuild, rebuilds: true, isAlone: true },
  { name: "rebuild of a session archived twice", prepare: lost(merged), operate: rebuild, rebuilds: true },
  { name: "rebuild of a resumed session", prepare: lost(resumed), operate: rebuild, rebuilds: true },
  { name: "rebuild of a restored session", prepare: lost(restored), operate: rebuild, rebuilds: true },
  { name: "rebuild of a session that was set back", prepare: behind, operate: rebuild, rebuilds: true },
];
