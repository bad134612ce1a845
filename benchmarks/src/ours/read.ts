/** Task: reads an archived session to its end, and writes it to a file if one is given. */
import { open } from "node:fs/promises";
import { timed } from "../measure/sample.js";
import { openStores, type Where } from "./stores.js";

export interface ReadParams {
  readonly where: Where;
  readonly id: string;
  readonly bytes: number;
  readonly output?: string;
}

export async function run({ where, id, bytes, output }: ReadParams): Promise<{ seconds: number }> {
  await using stores = await openStores(where);
  const seconds = await timed(async () => {
    const file = output === undefined ? undefined : await open(output, "w");
    let read = 0;
    for await (const chunk of stores.archiver.read(id)) {
      read += chunk.length;
      await file?.writeFile(chunk);
    }
    await file?.close();
    if (read !== bytes) throw new Error(`${read} bytes of ${bytes}`);
  });
  return { seconds };
}
