/** Whether the server can hold a store. */
import { ArchiverError } from "@session-archiver/core/adapter";
import type { Database } from "./database.js";
import type { Settings } from "./options.js";
import { countOf } from "./rows.js";

/** The oldest that its makers still cared for when this was written, and that the tests ran on, is 15; nothing needs more than 13. */
const OLDEST = 13;

/** `UNAVAILABLE` if the server is too old, a replica or, for a store that is written to, read-only; `INVALID_ARGUMENT` if it keeps less than is asked for. */
export async function checkServer(db: Database, { synchronous, readOnly }: Settings): Promise<void> {
  const [row] = await db.query(`SELECT current_setting('server_version_num')::int AS version,
    current_setting('server_version') AS version_name, pg_is_in_recovery() AS is_replica,
    current_setting('transaction_read_only') = 'on' AS is_read_only,
    current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync`);
  const version = countOf(row, "version");
  if (version < OLDEST * 10_000) {
    refuse(`The server is PostgreSQL ${row?.["version_name"]}; this package needs ${OLDEST} or later.`);
  }
  if (row?.["is_replica"] === true) {
    refuse("The server is a replica, which takes no writes and may lag behind. Connect to the primary.");
  }
  if (readOnly) return;
  if (row?.["is_read_only"] === true) {
    refuse(
      "Transactions are read-only here (default_transaction_read_only). Connect to a server, or as a role, that writes.",
    );
  }
  if (synchronous === "normal") return;
  for (const setting of ["synchronous_commit", "fsync"]) {
    if (row?.[setting] !== "off") continue;
    const message = `The server's ${setting} is off, so a crash may undo what was reported as stored. Turn it on for this role, or open with synchronous: "normal".`;
    throw new ArchiverError("INVALID_ARGUMENT", message);
  }
}

function refuse(message: string): never {
  throw new ArchiverError("UNAVAILABLE", message);
}
