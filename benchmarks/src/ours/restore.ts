/** Task: restores an archived session, durably. */
import { timed } from "../measure/sample.js";
import { openStores, type Where } from "./stores.js";

export interface RestoreParams {
  readonly where: Where;
  readonly id: string;
  readonly bytes: number;
}

export async function run({ where, id, bytes }: RestoreParams): Promise<{ seconds: number }> {
  await using stores = await openStores(where);
  const seconds = await timed(async () => {
    const { rawBytes } = await stores.archiver.restore(id);
    if (rawBytes !== bytes) throw new Error(`${rawBytes} bytes of ${bytes}`);
  });
  return { seconds };
}
