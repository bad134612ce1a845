/** Task: archives one session, verified and durable. */
import { timed } from "../measure/sample.js";
import { openStores, type Where } from "./stores.js";

export interface ArchiveParams {
  readonly where: Where;
  readonly id: string;
  readonly bytes: number;
}

export async function run({ where, id, bytes }: ArchiveParams): Promise<{ seconds: number }> {
  await using stores = await openStores(where);
  const seconds = await timed(async () => {
    const { outcome, rawBytes } = await stores.archiver.archive(id);
    if (outcome !== "archived" || rawBytes !== bytes) throw new Error(`${outcome}, ${rawBytes} bytes of ${bytes}`);
  });
  await stores.shrink();
  return { seconds };
}
