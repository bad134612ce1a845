/** Task: one sweep over all idle sessions. */
import { timed } from "../measure/sample.js";
import { openStores, type Where } from "./stores.js";

export interface SweepParams {
  readonly where: Where;
  /** The number of sessions that it must archive. */
  readonly sessions: number;
}

export async function run({ where, sessions }: SweepParams): Promise<{ seconds: number }> {
  await using stores = await openStores(where);
  const seconds = await timed(async () => {
    const { archivedCount, failedCount } = await stores.archiver.sweep({ maxTotalBytes: Number.POSITIVE_INFINITY });
    if (archivedCount !== sessions || failedCount > 0) {
      throw new Error(`${archivedCount} of ${sessions} were archived, ${failedCount} failed.`);
    }
  });
  return { seconds };
}
