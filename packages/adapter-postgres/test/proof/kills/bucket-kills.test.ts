/** `kill -9` of programs whose sessions are in a database and whose archives in a bucket. `SESSION_ARCHIVER_KILLS=5000` for thousands. */
import { FakeBucket, startFakeS3 } from "@session-archiver/test-kit/fake-s3";
import { KILLS, runKills } from "@session-archiver/test-kit/faults";
import { expect, onTestFinished, test } from "vitest";
import { openPostgres } from "../../../src/index.js";
import { leftovers } from "../../support/leftovers.js";
import { newPool, servers, withPostgres } from "../../support/stores.js";
import { BUCKET, ENDPOINT, openArchives } from "./bucket-store.js";
import { SERVER, schemaOf } from "./store.js";

const kills = Math.ceil(KILLS / 8);

/** Claims without an archive, and uploads, once they are old enough to be collected. */
async function leftInBucket(bucket: FakeBucket, directory: string): Promise<readonly string[]> {
  for (const [name, object] of bucket.objects) bucket.objects.set(name, { ...object, modified: 0 });
  for (const [id, upload] of bucket.uploads) bucket.uploads.set(id, { ...upload, initiated: 0 });
  const archives = await openArchives(directory);
  await archives.collectOrphans();
  await archives.close();
  const folder = `${schemaOf(directory)}/`;
  const claims = `${folder}.claims/`;
  const unused = [...bucket.objects.keys()].filter((name) => {
    return name.startsWith(claims) && !bucket.objects.has(folder + name.slice(claims.length));
  });
  return [...unused, ...[...bucket.uploads.values()].map(({ key }) => key)];
}

withPostgres("killed programs with archives in a bucket", () => {
  test(
    `${kills} kills lose no acknowledged byte and leave nothing behind`,
    async () => {
      const server = await startFakeS3();
      onTestFinished(() => server.close());
      const bucket = new FakeBucket({ createOnly: "put" });
      server.buckets.set(BUCKET, bucket);
      process.env[SERVER] = servers.postgres;
      process.env[ENDPOINT] = server.url;
      const pool = newPool();
      onTestFinished(() => pool.end());
      const report = await runKills({
        kills,
        open: new URL("bucket-store.ts", import.meta.url).href,
        async leftovers(directory) {
          const schema = schemaOf(directory);
          const store = await openPostgres(pool, { schema, synchronous: "normal" });
          return [...(await leftovers(pool, schema, store)), ...(await leftInBucket(bucket, directory))];
        },
      });
      console.info(JSON.stringify(report));
      expect(report.kills).toBeGreaterThanOrEqual(kills);
      expect(report.checks).toBeGreaterThan(kills / 2);
    },
    kills * 10_000 + 120_000,
  );
});
