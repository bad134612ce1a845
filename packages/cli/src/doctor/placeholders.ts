/**
 * Files whose bytes are not on this disk: a sync program has moved them away to save room, and fetches them when they are
 * read. That a file takes no blocks is no proof: file systems keep small files among their notes, and compress. So only the
 * system's own mark counts (macOS), and the stubs of older versions of iCloud Drive. Windows marks such files with
 * attributes that Node doesn't show: there it stays unknown.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Area, areasOf, type DoctorPlaces, databaseFiles } from "./areas.js";
import type { Finding } from "./finding.js";
import { type Looker, named, sessionsOf } from "./looker.js";
import { ownKeyAt, sessionOf } from "./sink-names.js";
import type { Entry } from "./walk.js";

/** `.archive.jsonl.gz.icloud` stands for `archive.jsonl.gz`. */
const STUB = /^\.(.+)\.icloud$/;

export function lookForPlaceholders(places: DoctorPlaces): Looker {
  const stubs: Entry[] = [];
  const own = new Map<string, string | undefined>();
  return {
    see(entry) {
      const { stats, names, path, what, key } = entry;
      if (!stats.isFile()) return;
      if (STUB.test(names.at(-1) ?? "")) stubs.push(entry);
      else if (places.platform === "darwin" && what === "own" && stats.blocks === 0) own.set(path, key);
    },
    async *findings() {
      const missing = new Map<string, string | undefined>();
      for (const { area, names, path } of stubs) {
        const original = STUB.exec(names.at(-1) ?? "")?.[1] ?? "";
        // The file may have been fetched, and the stub forgotten.
        if (existsSync(join(dirname(path), original))) continue;
        const { isOurs, key } = await ours(area, [...names.slice(0, -1), original]);
        if (isOurs) missing.set(path, key && sessionOf(key));
      }
      if (own.size > 0) {
        for (const { folder } of areasOf(places)) {
          for (const path of await places.probes.dataless(folder)) {
            const key = own.get(path);
            if (own.has(path)) missing.set(path, key && sessionOf(key));
          }
        }
      }
      if (missing.size > 0) yield placeholders(missing);
    },
  };
}

async function ours(area: Area, names: readonly string[]): Promise<{ isOurs: boolean; key?: string | undefined }> {
  if (area.kind === "database") {
    const files = databaseFiles(join(area.folder, area.file ?? ""));
    return { isOurs: files.includes(join(area.folder, ...names)) };
  }
  const key = area.kind === "sink" ? await ownKeyAt(area.folder, names) : undefined;
  return { isOurs: area.kind === "sessions" || key !== undefined, key };
}

function placeholders(missing: ReadonlyMap<string, string | undefined>): Finding {
  const paths = [...missing.keys()];
  const number = paths.length;
  return {
    kind: "placeholders",
    severity: "warning",
    message: `The bytes of ${number === 1 ? "a file" : `${number} files`} are not on this disk: ${named(paths)}. A sync program keeps them elsewhere. They can be read only while it runs and reaches its server.`,
    sessions: sessionsOf(missing.values()),
    remedy:
      "make the folder available offline in the sync program (`Keep Downloaded`, `Always keep on this device`), or move the store out of the synced folder",
  };
}
