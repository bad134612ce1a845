/** Task: lets one session grow by a line at a time. */
import { rm } from "node:fs/promises";
import { createArchiver } from "@session-archiver/core";
import { portCounter } from "../growth/counted-ports.js";
import { growByLines, type RoundCosts } from "../growth/rounds.js";
import { openStores, type Where } from "./stores.js";

export interface RoundsParams {
  readonly where: Where;
  readonly rounds: number;
  /** What the session holds before the first round. */
  readonly bytes: number;
}

/** The costs of each round. */
export async function run({ where, ...params }: RoundsParams): Promise<{ rounds: readonly RoundCosts[] }> {
  try {
    await using stores = await openStores(where);
    const { counted, counts } = portCounter();
    const { objects, blobs, archives } = stores.ports;
    const ports = { objects: counted(objects), blobs: counted(blobs), archives: counted(archives) };
    const archiver = createArchiver({ ...ports, codec: stores.codec });
    return { rounds: await growByLines(archiver, counts, params) };
  } finally {
    await rm(where.folder, { recursive: true, force: true });
  }
}
