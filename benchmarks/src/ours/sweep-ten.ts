/** Task: adds ten idle sessions to a database that is full of others, and sweeps. */
import { randomUUID } from "node:crypto";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { bytesOf, createArchiver, OUTPUT, type Ports } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { timed } from "../measure/sample.js";
import { STORED_BYTES } from "./at-rest.js";

export interface SweepTenParams {
  readonly file: string;
  /** The byte cap makes the sweep prune ten others. */
  readonly overTheCap: boolean;
}

const IDLE = 10;
const SESSION_BYTES = 20_000;

export async function run({ file, overTheCap }: SweepTenParams): Promise<{ seconds: number }> {
  await using store = await openSqlite(file);
  await addIdle(store);
  const archiver = createArchiver(store);
  // What is archived takes up less than what is pruned.
  const cap = overTheCap ? ((await store.objects.archiveBytes?.()) ?? 0) - IDLE * STORED_BYTES : undefined;
  const seconds = await timed(async () => {
    const { archivedCount, prunedCount } = await archiver.sweep({ maxTotalBytes: cap });
    if (archivedCount !== IDLE || prunedCount >= IDLE !== overTheCap) throw new Error("That was another sweep.");
  });
  return { seconds };
}

/** Ten idle sessions of 20 kB. */
export async function addIdle({ objects, blobs }: Ports): Promise<void> {
  for (let n = 0; n < IDLE; n++) {
    const id = `idle-${randomUUID()}`;
    await objects.put(id, { [KEY.view]: "agent", [KEY.lastActivity]: 1, [KEY.lineCount]: 1 }, null);
    const body = bytesOf(new Uint8Array(SESSION_BYTES).fill(10));
    await blobs.create({ id, name: OUTPUT }, "live-1", body);
  }
}
