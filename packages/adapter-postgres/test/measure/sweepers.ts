/**
 * What several sweepers of one store cost, on 400 pieces of real transcripts; for docs/adr/0052-claims.md. From the root, once it is built:
 * node --import ./packages/test-kit/src/machine/source-hooks.ts packages/adapter-postgres/test/measure/sweepers.ts 1 2 4 8
 * With the word `bucket` behind, archives are in a bucket of the small S3 server, for docs/sweepers.md.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openS3Archives } from "@session-archiver/adapter-s3";
import { bytesOf, createArchiver, toBytes } from "@session-archiver/core";
import { isRecordKey } from "@session-archiver/core/format";
import { all } from "@session-archiver/test-kit/bytes";
import { FakeBucket, KEYS, startFakeS3 } from "@session-archiver/test-kit/fake-s3";
import { CORPUS, corpusFiles } from "@session-archiver/test-kit/machine";
import { startPostgres } from "@session-archiver/test-kit/servers";
import { Pool } from "pg";
import { openPostgres } from "../../src/index.js";
import { ended, startSweepers } from "../support/sweepers.js";

const SESSIONS = 400;
const BYTES = 36_000;

const pieces = await transcripts();
const words = process.argv.slice(2);
const server = await startPostgres();
const s3 = words.includes("bucket") ? await startFakeS3() : undefined;
s3?.buckets.set("archives", new FakeBucket());
try {
  for (const count of words.filter((word) => word !== "bucket").map(Number)) await measure(count);
} finally {
  await s3?.close();
  await server.remove();
}

async function measure(count: number): Promise<void> {
  const pool = new Pool({ connectionString: server.url, max: 10 });
  const schema = `sweepers_${count}_${Date.now()}`;
  const store = await openPostgres(pool, { schema });
  const place = { bucket: "archives", prefix: schema, credentials: KEYS };
  const archives = s3 ? await openS3Archives({ ...place, endpoint: s3.url }) : store.archives;
  const archiver = createArchiver({ ...store, archives });
  for (let n = 0; n < pieces.length; n += 20) {
    await Promise.all(pieces.slice(n, n + 20).map((bytes, k) => archiver.import(`s${n + k}`, bytesOf(bytes))));
  }
  const live = await bytesOnDisk(pool, schema);
  const swept = await ended(await startSweepers(count, server.url, schema, s3?.url));
  const sum = (value: (typeof swept)[number] extends infer S ? (one: S) => number : never): number =>
    swept.reduce((total, one) => total + value(one), 0);
  const keys = (await all(archives.list())).filter(({ key }) => !isRecordKey(key));
  let wrong = 0;
  for (const [n, bytes] of pieces.entries()) {
    const isArchived = (await archiver.info(`s${n}`)).state === "archived";
    if (!isArchived || hash(await toBytes(archiver.read(`s${n}`))) !== hash(bytes)) wrong++;
  }
  console.log(
    `${count}: ${(sum((one) => one.statements) / SESSIONS).toFixed(2)} statements and ${(sum((one) => one.requests) / SESSIONS).toFixed(2)} requests a session, ` +
      `${sum((one) => one.archived)} archived (${swept.map((one) => one.archived).join(", ")}), ` +
      `${sum((one) => one.inVain)} in vain, ${sum((one) => one.failed)} failed, ${wrong} wrong, ` +
      `${(keys.length / SESSIONS).toFixed(2)} keys a session, ` +
      `${(SESSIONS / Math.max(...swept.map((one) => one.seconds))).toFixed(0)} sessions a second`,
  );
  const archived = await bytesOnDisk(pool, schema);
  console.log(
    `   kB a session on disk: ${(live / SESSIONS / 1000).toFixed(1)} live, ${(archived / SESSIONS / 1000).toFixed(1)} archived`,
  );
  await pool.query(`DROP SCHEMA ${schema} CASCADE`);
  await pool.end();
}

/** With indexes, once the room of deleted rows has been given back. */
async function bytesOnDisk(pool: Pool, schema: string): Promise<number> {
  const { rows: tables } = await pool.query(`SELECT tablename FROM pg_tables WHERE schemaname = '${schema}'`);
  let bytes = 0;
  for (const { tablename } of tables) {
    await pool.query(`VACUUM FULL ${schema}.${tablename}`);
    const { rows } = await pool.query(`SELECT pg_total_relation_size('${schema}.${tablename}') AS bytes`);
    bytes += Number(rows[0].bytes);
  }
  return bytes;
}

/** Whole lines of real transcripts. */
async function transcripts(): Promise<readonly Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const path of await corpusFiles()) {
    const bytes = new Uint8Array(await readFile(join(CORPUS, path)));
    for (let at = 0; at + BYTES < bytes.length && found.length < SESSIONS; ) {
      const end = bytes.indexOf(10, at + BYTES - 1) + 1;
      if (end === 0) break;
      found.push(bytes.slice(at, end));
      at = end;
    }
  }
  return found;
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
