/** The three ports over the tables of one database. */
import type { Ports } from "@session-archiver/core/adapter";
import { sqliteArchives } from "./archives.js";
import { sqliteBlobs } from "./blobs.js";
import { chunksIn } from "./chunks.js";
import type { Database } from "./database.js";
import { type Loose, looseIn } from "./loose.js";
import { sqliteObjects } from "./objects.js";
import type { Settings } from "./options.js";
import { streamWriter } from "./staging.js";
import type { Tables } from "./tables.js";

export function portsIn(
  db: Database,
  tables: Tables,
  { onSkipped }: Settings,
): { readonly ports: Ports; readonly loose: Loose } {
  const chunks = chunksIn(db, tables);
  const loose = looseIn(db, tables, chunks);
  const writeStream = streamWriter(db, chunks, loose);
  const ports = {
    objects: sqliteObjects(db, tables, onSkipped),
    blobs: sqliteBlobs(db, tables, chunks, loose, writeStream),
    archives: sqliteArchives(db, tables, chunks, loose, writeStream, onSkipped),
  };
  return { ports, loose };
}
