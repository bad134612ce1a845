/** Task: adds ten idle sessions to a database with many others, and sweeps. */
import { randomUUID } from "node:crypto";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { bytesOf, createArchiver, OUTPUT, type Ports } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { timed } from "../measure/sample.js";
import { ARCHIVE_BYTES } from "./other-sessions.js";

export interface SweepTenParams {
  readonly file: string;
  /** Whether a byte cap makes the sweep prune ten other sessions. */
  readonly overTheCap: boolean;
}

const IDLE = 10;
const SESSION_BYTES = 20_000;

export async function run({ file, overTheCap }: SweepTenParams): Promise<{ seconds: number }> {
  await using store = await openSqlite(file);
  await addIdle(store);
  const archiver = createArchiver(store);
  // The ten new archives are smaller than the ten pruned ones.
  const cap = overTheCap ? ((await store.objects.archiveBytes?.()) ?? 0) - IDLE * ARCHIVE_BYTES : undefined;
  const seconds = await timed(async () => {
    const { archivedCount, prunedCount } = await archiver.sweep({ maxTotalBytes: cap });
    if (archivedCount !== IDLE || prunedCount >= IDLE !== overTheCap) throw new Error("The sweep did something else.");
  });
  return { seconds };
}

/** Adds ten idle sessions of 20 kB. */
export async function addIdle({ objects, blobs }: Ports): Promise<void> {
  for (let n = 0; n < IDLE; n++) {
    const id = `idle-${randomUUID()}`;
    await objects.put(id, { [KEY.view]: "agent", [KEY.lastActivity]: 1, [KEY.lineCount]: 1 }, null);
    const body = bytesOf(new Uint8Array(SESSION_BYTES).fill(10));
    await blobs.create({ id, name: OUTPUT }, "live-1", body);
  }
}
