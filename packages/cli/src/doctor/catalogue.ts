/** The catalogue, as far as its files show what is wrong with it. */
import { readdirSync, readFileSync } from "node:fs";
import { formatSize } from "../output/sizes.js";
import { areasOf, type DoctorPlaces, sinkArea } from "./areas.js";
import { asideFindings } from "./aside-findings.js";
import { schemaFindings } from "./catalogue-schema.js";
import type { Finding, Severity } from "./finding.js";
import { realPlace } from "./real-path.js";
import { readHeader } from "./sqlite-header.js";
import { isClosed, lstatOf, statOf } from "./stats.js";

const REBUILD = "put a backup of it back, or make it again from the archives: session-archiver rebuild";
/** A log is folded into its database every 4 MiB, unless somebody reads all the time. */
const LARGE_LOG = 64 * 1024 * 1024;

export async function* catalogueFindings(places: DoctorPlaces): AsyncGenerator<Finding> {
  const { store, sink } = places;
  if (store) yield* asideFindings(store);
  if (store?.kind === "sqlite") {
    yield* databaseFindings(await realPlace(store.path), await holdsArchives(places));
  } else if (store) {
    const folders = areasOf({ store, sink }).filter(({ kind }) => kind === "sessions");
    // The walk reports what this user may not look into.
    const isSeen = folders.some(({ folder }) => isThere(folder) || isClosed(folder));
    if (!isSeen) yield missingCatalogue(store.path, await holdsArchives(places), "");
  }
  if (sink?.kind === "sqlite" && sink.path !== store?.path && isThere(sink.path)) {
    for await (const found of databaseFindings(await realPlace(sink.path), false)) yield ofArchives(found);
  }
}

/** No rebuild can make these again. */
function ofArchives(found: Finding): Finding {
  const kind = found.kind.replace(/^catalogue/, "archives");
  return { ...found, kind, remedy: found.remedy === REBUILD ? "put a backup of it back" : found.remedy };
}

async function* databaseFindings(path: string, hasArchives: boolean): AsyncGenerator<Finding> {
  const unreadable = (why: string): Finding =>
    finding(
      "catalogue-unreadable",
      "damage",
      `"${path}" can't be read: ${why}.`,
      "see who owns it, and whether its disk is well",
    );
  const stats = statOf(path);
  if (!stats) {
    yield isClosed(path)
      ? unreadable("this user may not look there")
      : missingCatalogue(path, hasArchives, logText(path, sizeOf(`${path}-wal`)));
    return;
  }
  if (!stats.isFile()) {
    yield finding("catalogue-not-a-database", "damage", `"${path}" is not a file.`, REBUILD);
    return;
  }
  const before = sizeOf(`${path}-wal`);
  const header = await readHeader(path).catch((error: unknown) => String(error));
  if (typeof header === "string") {
    yield unreadable(header);
    return;
  }
  // While a log is being folded in, the file is what its header says only at the end.
  const log = Math.max(before, sizeOf(`${path}-wal`));
  const should = (header.pages ?? 0) * header.pageSize;
  if (header.size === 0) {
    yield empty(path, hasArchives, log);
  } else if (!header.isDatabase) {
    const message = `"${path}" is no SQLite database: its first bytes are others.`;
    yield finding("catalogue-not-a-database", "damage", message, REBUILD);
  } else if (log === 0 && header.size < should) {
    const message = `"${path}" has been cut short: the last ${formatSize(should - header.size)} of ${formatSize(should)} are missing.`;
    yield finding("catalogue-cut", "damage", message, REBUILD);
  } else if (log === 0) {
    yield* schemaFindings(path);
  }
  yield* logFindings(path, header.size, log);
}

function* logFindings(path: string, size: number, log: number): Iterable<Finding> {
  if (log > LARGE_LOG && log > size) {
    const message = `The database's log "${path}-wal" has grown to ${formatSize(log)}. A program that never stops reading keeps it from being folded into the database.`;
    yield finding("log-large", "note", message, "end the programs that have the store open; the last one folds it in");
  }
  if (isHot(`${path}-journal`)) {
    const message = `A change of "${path}" was cut short. Its journal, "${path}-journal", undoes it when the database is next opened for writing.`;
    const remedy = "leave the two files together, and run any command that writes, such as `session-archiver sweep`";
    yield finding("journal-left", "note", message, remedy);
  }
}

/** `more`: what is there of it. */
export function missingCatalogue(name: string, hasArchives: boolean, more: string): Finding {
  if (!hasArchives && more === "") {
    const message = `There is no store at "${name}", and there are no archives.`;
    return finding("no-store", "note", message, "name another with --home or --store, or import sessions to make it");
  }
  const archives = hasArchives ? " There are archives that belong to it." : "";
  return finding("catalogue-missing", "damage", `The catalogue "${name}" is missing.${archives}${more}`, REBUILD);
}

function empty(path: string, hasArchives: boolean, log: number): Finding {
  const isLoss = hasArchives || log > 0;
  const message = `The catalogue "${path}" is an empty file.${isLoss ? "" : " There are no archives either."}${logText(path, log)}`;
  return isLoss
    ? finding("catalogue-empty-file", "damage", message, REBUILD)
    : finding("catalogue-empty-file", "note", message, "none is needed: the next command that writes fills it");
}

function logText(path: string, log: number): string {
  if (log === 0) return "";
  return ` Its log "${path}-wal" is still there (${formatSize(log)}). SQLite deletes it as soon as it makes the database anew: copy it away first.`;
}

function finding(kind: string, severity: Severity, message: string, remedy: string): Finding {
  return { kind, severity, message, sessions: [], remedy };
}

/** Whether anything lies where archives would. */
export async function holdsArchives({ store, sink, hasArchives }: DoctorPlaces): Promise<boolean> {
  if (!sink) return (await hasArchives?.()) ?? false;
  const { kind, folder } = sinkArea(store, sink);
  if (kind === "database") return sink.path !== store?.path && sizeOf(sink.path) > 0;
  try {
    return readdirSync(folder).some((name) => !name.startsWith("."));
  } catch {
    return false;
  }
}

/** A rollback journal counts unless it is empty or its header was wiped. */
function isHot(journal: string): boolean {
  try {
    return sizeOf(journal) > 0 && readFileSync(journal)[0] !== 0;
  } catch {
    return false;
  }
}

function isThere(path: string): boolean {
  return statOf(path) !== undefined;
}

function sizeOf(path: string): number {
  return lstatOf(path)?.size ?? 0;
}
