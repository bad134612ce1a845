/** Task: takes a store with some sessions through all steps. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Costs } from "../growth/costs.js";
import { growStore } from "../growth/grow-store.js";
import { openStores, type Where } from "./stores.js";

export interface GrowthParams {
  readonly where: Where;
  readonly sessions: number;
}

/** The costs of each step, by its name. */
export async function run({ where, sessions }: GrowthParams): Promise<{ costs: Readonly<Record<string, Costs>> }> {
  const { folder } = where;
  try {
    await using stores = await openStores(where);
    await using other = await openStores({ ...where, folder: join(folder, "rebuilt") });
    const { ports, codec } = stores;
    return { costs: await growStore({ ports, codec, empty: async () => other.ports }, sessions) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
