/** Opens a store on a host's pool, or on a pool of its own. */
import { zlibCodec } from "@session-archiver/codec-zlib";
import { ArchiverError, defineAdapter, hasCode, readOnlyPorts } from "@session-archiver/core/adapter";
import { postgresArchives } from "./archives.js";
import { postgresBlobs } from "./blobs.js";
import { checkServer } from "./check-server.js";
import { Database } from "./database.js";
import { translate } from "./failure.js";
import { type LooseStreams, looseStreams } from "./loose-streams.js";
import { postgresObjects } from "./objects.js";
import { checkOptions, type PostgresOptions, type Settings } from "./options.js";
import { openPool } from "./own-pool.js";
import type { Queryable } from "./queryable.js";
import { migrate, requireTables } from "./schema.js";
import type { PostgresStore } from "./store.js";
import { tablesOf } from "./tables.js";

/** What opening deletes of the remains of crashes: at most this many statements. */
const COLLECT_AT_OPENING = 4;

/**
 * Opens the store, and creates its tables if they are missing and the options don't say otherwise.
 *
 * `target`: a connection string, for which `pg` must be installed; or a pool of `pg`, or anything with the same `query(text, values)`.
 *
 * Rejects with `INVALID_ARGUMENT` for bad options, and if the server keeps less than `synchronous` asks for; with `UNAVAILABLE` if it can't be
 * reached, is a replica or too old, if the role lacks a right, or if a newer version made the tables; with `NOT_FOUND` if there are none, and they
 * are not to be made.
 */
export async function openPostgres(target: string | Queryable, options: PostgresOptions = {}): Promise<PostgresStore> {
  const settings = checkOptions(target, options);
  if (typeof target !== "string") return openStore(target, settings, async () => {});
  const pool = await openPool(target, settings);
  try {
    return await openStore(pool, settings, () => pool.end());
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function openStore(host: Queryable, settings: Settings, end: () => Promise<void>): Promise<PostgresStore> {
  const { schema, prefix, onSkipped, readOnly } = settings;
  const db = new Database(host);
  const tables = tablesOf(prefix, schema);
  await checkServer(db, settings);
  if (!settings.create) await requireTables(db, tables, { orOlder: !readOnly });
  if (!readOnly) await migrate(db, tables);
  const streams = looseStreams(db, tables);
  if (!readOnly) await collectSome(streams);

  const backends = {
    objects: postgresObjects(db, tables),
    blobs: postgresBlobs(db, tables, streams),
    archives: postgresArchives(db, tables, streams, onSkipped),
  };
  const ports = defineAdapter(backends, { onSkipped, translate, begin: (call) => db.mayRun(call) });
  const close = async (): Promise<void> => {
    if (db.close()) await end();
  };
  return {
    ...(readOnly ? readOnlyPorts(ports) : ports),
    codec: zlibCodec(),
    async collectOrphans(op) {
      if (readOnly) {
        throw new ArchiverError("INVALID_ARGUMENT", "The store was opened read-only: nothing can be deleted.");
      }
      return { streams: await streams.collect({ signal: op?.signal }) };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function collectSome(streams: LooseStreams): Promise<void> {
  try {
    await streams.collect({}, COLLECT_AT_OPENING);
  } catch (error) {
    // The remains of crashes can wait. They must not keep the store from opening.
    if (!hasCode(error, "UNAVAILABLE", "QUOTA")) throw error;
  }
}
