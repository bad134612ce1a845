/** Whether there is room for what comes next. */
import { formatSize } from "../output/sizes.js";
import { type DoctorPlaces, sinkArea } from "./areas.js";
import type { Finding } from "./finding.js";
import type { Looker } from "./looker.js";
import type { Space } from "./probes.js";
import { existingPlace } from "./real-path.js";
import { lstatOf, statOf } from "./stats.js";

const MIB = 1024 * 1024;
const LEAST_BYTES = 64 * MIB;
/** With less than this, SQLite can't even make the files beside a database that is only read. */
const NOTHING_WORKS = 64 * 1024;
const LEAST_FILES = 1000;

const REMEDY =
  "free space on that disk. `session-archiver prune --dry-run` and `gc --dry-run` show what could be given up; or move the archives to another disk and name it with --archives fs:DIR";

export function lookAtSpace({ store, sink, probes }: DoctorPlaces): Looker {
  let largest = 0;
  return {
    see({ area, what, stats }) {
      // An archive is made again when its session grows; a session that is restored needs more than its archive.
      if (area.kind !== "database" && what === "own" && stats.isFile()) largest = Math.max(largest, stats.size);
    },
    async *findings() {
      const log = store?.kind === "sqlite" ? sizeOf(`${store.path}-wal`) : 0;
      const needed = Math.max(LEAST_BYTES, log, largest);
      const devices = new Set<number>();
      for (const [path, isDatabase] of [
        ...(store ? [[store.path, store.kind === "sqlite"] as const] : []),
        ...(sink ? [[sinkArea(store, sink).folder, sink.kind === "sqlite"] as const] : []),
      ]) {
        const place = await existingPlace(path);
        const device = statOf(place)?.dev;
        if (device === undefined || devices.has(device)) continue;
        devices.add(device);
        const space = await probes.space(place).catch(() => undefined);
        if (space) yield* tooLittle(path, space, needed, isDatabase);
      }
    },
  };
}

function* tooLittle(
  path: string,
  { freeBytes, freeFiles }: Space,
  needed: number,
  isDatabase: boolean,
): Iterable<Finding> {
  const common = { kind: "free-space", sessions: [], remedy: REMEDY } as const;
  const disk = `The disk of "${path}"`;
  if (isDatabase && freeBytes < NOTHING_WORKS) {
    const message = `${disk} is full: ${formatSize(freeBytes)} are free. SQLite needs some room even to read, so no command works until there is some.`;
    yield { ...common, severity: "damage", message };
  } else if (freeBytes < needed) {
    const message = `${disk} has ${formatSize(freeBytes)} left. Archiving or restoring the largest session may need ${formatSize(needed)}; without it the command fails, and changes nothing.`;
    yield { ...common, severity: "warning", message };
  }
  if (freeFiles !== null && freeFiles < LEAST_FILES) {
    const message = `${disk} has room for ${freeFiles} more files, whatever their size. Each archive needs two, and a run leaves a record.`;
    yield { ...common, severity: "warning", message };
  }
}

function sizeOf(path: string): number {
  return lstatOf(path)?.size ?? 0;
}
