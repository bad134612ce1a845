/** How much this site uses and may use of the browser's storage, and whether the browser promises to keep it. */
import { computed, signal } from "@preact/signals";
import type { SessionRow, StorageStatus } from "../worker/api.ts";
import { api } from "./connection.ts";
import { notify } from "./notices.ts";
import { allRows } from "./sessions.ts";

export const storageStatus = signal<StorageStatus | undefined>(undefined);
export const storageFailed = signal<unknown>(undefined);

/** Sizes in bytes. */
export interface Totals {
  readonly live: number;
  readonly archive: number;
  /** How much more the same sessions would take up without archives. */
  readonly saved: number;
}

export function savedBytes(row: SessionRow): number {
  if (row.state === "pruned") return 0;
  return Math.max(0, row.rawBytes - row.liveBytes - row.archiveBytes);
}

export const totals = computed<Totals>(() => {
  let live = 0;
  let archive = 0;
  let saved = 0;
  for (const row of allRows.value) {
    live += row.liveBytes;
    archive += row.archiveBytes;
    saved += savedBytes(row);
  }
  return { live, archive, saved };
});

/** The bytes that count toward a cap: archives without a tombstone. */
export const cappedBytes = computed(() =>
  allRows.value.reduce((sum, row) => sum + (row.state === "pruned" ? 0 : row.archiveBytes), 0),
);

export async function loadStorage(): Promise<void> {
  try {
    storageStatus.value = await api().storage();
    storageFailed.value = undefined;
  } catch (error) {
    storageFailed.value = error;
  }
}

/** Asks the browser not to evict this site's data. Some browsers ask the user, others decide alone. */
export async function keepData(): Promise<void> {
  try {
    const granted = await navigator.storage.persist();
    notify(
      granted
        ? "The browser will keep this data until you delete it."
        : "The browser declined for now. Using the site more often, or bookmarking it, usually helps.",
    );
  } catch {
    notify("This browser can't be asked to keep the data.");
  }
  await loadStorage();
}
