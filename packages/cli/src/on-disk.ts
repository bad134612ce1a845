/** What stores take up on the disk. */
import type { Stats } from "node:fs";
import { type Area, areasOf, isInStore } from "./doctor/areas.js";
import { walk } from "./doctor/walk.js";
import type { Places } from "./stores/places.js";
import { isOnDisk } from "./stores/spec.js";

/**
 * Bytes in allocated blocks, of all files and folders of the stores; `null` for what lies on no disk of this machine. `archiveBytes` is
 * `null`, too, if the archives lie in the same database as all else, and are counted with it.
 */
export interface OnDisk {
  readonly storeBytes: number | null;
  readonly archiveBytes: number | null;
}

export async function onDisk(places: Places): Promise<OnDisk> {
  const store = isOnDisk(places.store) ? places.store : undefined;
  const sink = isOnDisk(places.sink) ? places.sink : undefined;
  const areas = areasOf({ store, sink });
  const archives = sink === undefined || isInStore(sink, store) ? undefined : areas.at(-1);
  let storeBytes = store ? 0 : null;
  for (const area of areas) if (area !== archives) storeBytes = (storeBytes ?? 0) + (await allocatedIn(area));
  return { storeBytes, archiveBytes: archives ? await allocatedIn(archives) : null };
}

async function allocatedIn(area: Area): Promise<number> {
  let bytes = 0;
  for await (const { what, path, stats } of walk(area, () => undefined)) {
    // A database has memory that its users share, as a file, only while it is open: just now for this look.
    if (what === "own" && !(area.kind === "database" && path.endsWith("-shm"))) bytes += allocated(stats);
  }
  return bytes;
}

/** In units of 512 bytes, whatever the file system's own are. */
function allocated({ blocks }: Stats): number {
  return blocks * 512;
}
