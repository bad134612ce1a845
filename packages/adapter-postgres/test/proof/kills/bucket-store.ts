/** Opens the store in each of the processes: sessions in the database, archives in a bucket. */
import { openS3Archives } from "@session-archiver/adapter-s3";
import { KEYS } from "@session-archiver/test-kit/fake-s3";
import type { OpenedStore } from "@session-archiver/test-kit/faults";
import { openStore as openDatabase, schemaOf } from "./store.js";

/** In the environment of the processes: where the bucket's server is. */
export const ENDPOINT = "SESSION_ARCHIVER_TEST_S3";
export const BUCKET = "archives";

export async function openStore(directory: string): Promise<OpenedStore> {
  const store = await openDatabase(directory);
  const archives = await openArchives(directory);
  const close = async (): Promise<void> => {
    await archives.close();
    await store.close();
  };
  return { ...store, archives, close };
}

/** As Ceph's: each archive has a claim, which a killed writer leaves behind. */
export function openArchives(directory: string): ReturnType<typeof openS3Archives> {
  const place = { endpoint: process.env[ENDPOINT] ?? "", bucket: BUCKET, prefix: schemaOf(directory) };
  return openS3Archives({ ...place, credentials: KEYS, createOnly: "put", onNotice: () => {} });
}
