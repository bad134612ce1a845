/** Which version of this program has made the database's tables. */
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import type { Finding } from "./finding.js";

/**
 * Looks into a database without a log. It is opened as immutable, which makes no file beside it and takes no lock; what can't
 * be read so is passed over, because opening the store reports it.
 */
export async function* schemaFindings(path: string): AsyncGenerator<Finding> {
  const version = await schemaOf(path);
  if (version === undefined) return;
  const { SCHEMA_VERSION: known } = await import("@session-archiver/adapter-sqlite");
  if (version > known) {
    yield {
      kind: "catalogue-newer",
      severity: "warning",
      message: `"${path}" was made by a newer session-archiver (schema ${version}; this one knows ${known}). This one can't open it.`,
      sessions: [],
      remedy: "update session-archiver",
    };
  } else if (version < known) {
    yield {
      kind: "catalogue-older",
      severity: "note",
      message: `"${path}" was made by an older session-archiver (schema ${version}; this one makes ${known}). The next command that writes brings it up to date. After that, the older one can't open it any more.`,
      sessions: [],
      remedy: null,
    };
  }
}

async function schemaOf(path: string): Promise<number | undefined> {
  const { DatabaseSync } = await import("node:sqlite");
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(`${pathToFileURL(path).href}?mode=ro&immutable=1`, { readOnly: true });
    const row = database.prepare("SELECT value FROM sa_meta WHERE key = 'schema'").get();
    return Number.isSafeInteger(row?.["value"]) ? Number(row?.["value"]) : undefined;
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}
