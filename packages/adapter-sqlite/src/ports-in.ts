/** The three ports over the tables of one database. `version`: which one made the tables. */
import { type Call, defineAdapter, type ObjectBackend, type Ports } from "@session-archiver/core/adapter";
import { sqliteArchives } from "./archives.js";
import { sqliteBlobs } from "./blobs.js";
import { contentsIn } from "./contents.js";
import type { Database } from "./database.js";
import { sqliteObjects } from "./objects.js";
import type { Settings } from "./options.js";
import type { PendingStreams } from "./pending-streams.js";
import { SCHEMA_VERSION } from "./schema.js";
import type { Tables } from "./tables.js";

export function portsIn(
  db: Database,
  tables: Tables,
  { onSkipped }: Settings,
  version: number = SCHEMA_VERSION,
): { readonly ports: Ports; readonly pending: PendingStreams } {
  const contents = contentsIn(db, tables);
  const objects = sqliteObjects(db, tables, onSkipped);
  const backends = {
    objects: asOf(version, objects),
    blobs: sqliteBlobs(db, tables, contents),
    archives: sqliteArchives(db, tables, contents, onSkipped),
  };
  const translate = (error: unknown, call: Call): Error => db.translate(error, call);
  return { ports: defineAdapter(backends, { onSkipped, translate }), pending: contents.pending };
}

/** The first version that has the index of lists. What came later is for writers only. */
const NEWEST = 4;

/** Objects in the tables of that version. */
function asOf(version: number, objects: ObjectBackend): ObjectBackend {
  const { listNewest: _, ...sorted } = objects;
  if (version >= NEWEST) return objects;
  return version === 3 ? sorted : withoutIndexes(sorted);
}

/** A listing reads them all and filters. */
function withoutIndexes({ archiveBytes: _, ownMeta: __, ...objects }: ObjectBackend): ObjectBackend {
  return { ...objects, list: ({ prefix }, call) => objects.list({ prefix }, call) };
}
