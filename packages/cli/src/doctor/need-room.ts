/** Whether another database will fit beside one that is set aside. */
import { dirname } from "node:path";
import { ArchiverError } from "@session-archiver/core";
import { formatSize } from "../output/sizes.js";
import { databaseFiles } from "./areas.js";
import { realProbes } from "./probes.js";
import { lstatOf } from "./stats.js";

/** For the files that SQLite makes beside a database. */
const MORE = 1024 * 1024;

/** `QUOTA`, before anything is moved: a copy that can't be finished would leave sessions where no command finds them. */
export async function needRoom(database: string): Promise<void> {
  const needed = databaseFiles(database).reduce((sum, file) => sum + (lstatOf(file)?.size ?? 0), MORE);
  const space = await realProbes()
    .space(dirname(database))
    .catch(() => undefined);
  if (!space || space.freeBytes >= needed) return;
  const message = `The disk of "${database}" has ${formatSize(space.freeBytes)} left. To make it anew beside the damaged one may need ${formatSize(needed)}: free space, then run this again. Nothing has been changed.`;
  throw new ArchiverError("QUOTA", message);
}
