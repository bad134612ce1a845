/** Deletes a blob or an archive with its bytes; many bytes not with it, but afterwards, in steps. */
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import type { LooseStreams } from "./loose-streams.js";
import { Parameters } from "./parameters.js";
import { textIn } from "./rows.js";

const DELETE_AT_ONCE_BYTES = 64 * 1024 * 1024;

/** What is deleted: the row of `heads` that `isIt` describes, whose bytes lie in `chunks`. */
export interface Named {
  readonly heads: string;
  readonly chunks: string;
  readonly loose: string;
  readonly isArchive: boolean;
  isIt(p: Parameters): string;
}

/** Whether there was such a row. */
export async function deleteNamed(
  db: Database,
  streams: LooseStreams,
  { heads, chunks, loose, isArchive, isIt }: Named,
  call: Call | undefined,
): Promise<boolean> {
  const p = new Parameters();
  const [row] = await db.query(
    `WITH head AS (
       DELETE FROM ${heads} WHERE ${isIt(p)} RETURNING stream, size > ${DELETE_AT_ONCE_BYTES} AS is_large
     ), late AS (
       INSERT INTO ${loose} (stream, archive, taken) SELECT stream, ${isArchive}, true FROM head WHERE is_large
     ), gone AS (
       DELETE FROM ${chunks} AS c USING head WHERE c.stream = head.stream AND NOT head.is_large
     )
     SELECT stream::text AS stream, is_large FROM head`,
    p,
    call,
  );
  if (row?.["is_large"] === true) await streams.discard(textIn(row, "stream"));
  return row !== undefined;
}
