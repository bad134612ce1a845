/** Looks into the database itself: every stored byte must belong to a blob or an archive. */
import { openDB } from "idb";

export interface Contents {
  /** Bytes of content that a blob or an archive names. */
  readonly named: number;
  readonly stored: number;
  /** Contents that are pending or orphaned. */
  readonly loose: number;
}

export async function contentsOf(name: string): Promise<Contents> {
  const db = await openDB(name);
  try {
    const tx = db.transaction(["blobs", "archives", "chunks", "loose"]);
    const named = [...(await tx.objectStore("blobs").getAll()), ...(await tx.objectStore("archives").getAll())];
    const chunks: readonly Uint8Array[] = await tx.objectStore("chunks").getAll();
    return {
      named: named.reduce((sum: number, { size }: { size: number }) => sum + size, 0),
      stored: chunks.reduce((sum, { length }) => sum + length, 0),
      loose: await tx.objectStore("loose").count(),
    };
  } finally {
    db.close();
  }
}

/** Waits until the locks of dead tabs on this database are let go. */
export async function locksReleased(name: string): Promise<void> {
  const { held = [] } = await navigator.locks.query();
  for (const lock of held) {
    if (lock.name?.includes(name)) await navigator.locks.request(lock.name, async () => {});
  }
}
