/** `kill -9` of programs whose sessions are in a database and whose archives in a bucket. `SESSION_ARCHIVER_KILLS=5000` for thousands. */
import { FakeBucket, startFakeS3 } from "@session-archiver/test-kit/fake-s3";
import { KILLS } from "@session-archiver/test-kit/faults";
import { onTestFinished } from "vitest";
import { withPostgres } from "../../support/stores.js";
import { BUCKET, ENDPOINT, openArchives } from "./bucket-store.js";
import { killsLoseNothing } from "./lose-nothing.js";
import { schemaOf } from "./store.js";

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
  killsLoseNothing(kills, async () => {
    const server = await startFakeS3();
    onTestFinished(() => server.close());
    const bucket = new FakeBucket({ createOnly: "put" });
    server.buckets.set(BUCKET, bucket);
    process.env[ENDPOINT] = server.url;
    return {
      store: new URL("bucket-store.ts", import.meta.url),
      leftElsewhere: (directory) => leftInBucket(bucket, directory),
    };
  });
});
