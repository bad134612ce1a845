/** Task: a database with many sessions in which there is nothing to do. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { KEY } from "@session-archiver/core/adapter";

export interface AtRestParams {
  readonly file: string;
  readonly sessions: number;
}

/** Of each archive. */
export const STORED_BYTES = 1000;
const FILE = { name: "output", path: "no-such.jsonl.gz", generation: "g", liveBytes: 1, bytes: 1, storedBytes: 1 };

export async function run({ file, sessions }: AtRestParams): Promise<object> {
  await mkdir(dirname(file), { recursive: true });
  await (await openSqlite(file)).close();
  using db = new DatabaseSync(file);
  db.exec(`BEGIN; ${insert(sessions)}; COMMIT`);
  return {};
}

/** Half of them live and recent, half archived, active one after the other, as the store's `put` would write them. */
function insert(sessions: number): string {
  const files = JSON.stringify([{ ...FILE, crc32: 0, lines: 1 }]);
  return `
    WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ${sessions - 1})
    INSERT INTO sa_objects (id, version, archived, last_activity, kept_activity, stored_bytes, meta)
    SELECT CAST(printf('rest%07d', n) AS BLOB), 'v' || n, n % 2, iif(n % 2, 1000 + n, 8e15), iif(n % 2, 1000 + n, NULL),
      iif(n % 2, ${STORED_BYTES}, 0),
      iif(n % 2,
        json_object('view', 'agent', '${KEY.archivedAt}', 1000 + n, '${KEY.archiveBytes}', ${STORED_BYTES},
          '${KEY.lastActivity}', 1000 + n, '${KEY.lineCount}', 10, '${KEY.archiveFiles}', json('${files}')),
        json_object('view', 'agent', '${KEY.lastActivity}', 8e15, '${KEY.lineCount}', 10)) FROM n`;
}
