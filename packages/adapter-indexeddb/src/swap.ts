/** Compare and swap: a row of metadata changes only if its version is the expected one. */
import type { Version } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import type { MetaRow, Tx } from "./schema.js";

/** Runs `change` if the row has the version, or is absent for `null`. Resolves to whether it did. */
export function swapRow(
  db: Database,
  [store, key]: readonly ["objects" | "own", string],
  expected: Version | null,
  call: Call,
  change: (tx: Tx) => Promise<unknown>,
): Promise<boolean> {
  const work = async (tx: Tx): Promise<boolean> => {
    const row = (await tx.objectStore(store).get(key)) as MetaRow | undefined;
    if ((row?.version ?? null) !== expected) return false;
    await change(tx);
    return true;
  };
  return db.write([store], work, call);
}
