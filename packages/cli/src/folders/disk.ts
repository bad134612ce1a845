/** How many bytes of disk agents' folders and ours take together, as `du -B1` counts them. */
import { diskBytesOf, type Files, type Place } from "@session-archiver/agent-folders";
import type { Places } from "../stores/places.js";
import { isOnDisk, pathsOf } from "../stores/spec.js";

/** Files that are there only while a database is open. */
const OF_OPEN = ["-wal", "-shm", "-journal"];

export interface DiskMeter {
  /** Bytes by which the folders have shrunk since the beginning; negative if they have grown. Call it with stores closed. */
  freedBytes(places: readonly Place[]): Promise<number>;
  /** Call it before anything is changed, with the stores open. */
  begin(places: readonly Place[]): Promise<void>;
}

/** Call it before the stores are opened: opening them makes files that are gone again when they are closed. */
export async function diskMeter(files: Files, ours: Places): Promise<DiskMeter> {
  const { store } = ours;
  const passing = store.kind === "sqlite" ? OF_OPEN.map((ending) => store.path + ending) : [];
  const own = [...pathsOf(store), ...passing];
  const paths = [ours.home, ...pathsOf(store, ours.sink), ...passing];
  const isNew = isOnDisk(store) && !(await files.look(store.path));
  const closed = await diskBytesOf(files, isNew ? paths : own);
  let before = 0;
  const agents = (places: readonly Place[]): readonly string[] =>
    places.flatMap(({ home, roots }) => [home, ...roots.map(({ path }) => path)]);
  return {
    async begin(places) {
      const open = await diskBytesOf(files, isNew ? paths : own);
      before = (await diskBytesOf(files, [...paths, ...agents(places)])) - open + closed;
    },
    freedBytes: async (places) => before - (await diskBytesOf(files, [...paths, ...agents(places)])),
  };
}
