/** Opens a sink in a bucket. */
import { ArchiverError, defineArchives, hasCode } from "@session-archiver/core/adapter";
import { s3Archives } from "./archives.js";
import { abortUploads, collectOrphans } from "./bucket/collect.js";
import { bucketFacts } from "./bucket/facts.js";
import { requireBucket } from "./bucket/listing.js";
import { Objects } from "./bucket/objects.js";
import { probe } from "./bucket/probe.js";
import type { Call } from "./call.js";
import type { CreateOnly } from "./create-only.js";
import { Requests } from "./http/requests.js";
import { coldTierNotice, sayFacts } from "./notices.js";
import { type S3Options, type Settings, settingsOf } from "./options.js";
import type { S3Archives } from "./store.js";

/**
 * Opens the sink, and tries out what the bucket honours, with about 14 small requests; 4 if `createOnly` says it. The bucket must exist.
 *
 * Rejects with `INVALID_ARGUMENT` for bad options, and if the bucket honours no condition and `createOnly` doesn't say that this is no matter; with
 * `UNAVAILABLE` if the bucket can't be reached, or the credentials may not do what is needed.
 */
export async function openS3Archives(options: S3Options): Promise<S3Archives> {
  const settings = await settingsOf(options);
  const { endpoint: url, bucket, pathStyle, region, prefix, onNotice } = settings;
  const requests = new Requests({
    ...settings,
    endpoint: { url, bucket, pathStyle },
    region: async () => region,
  });
  const objects = new Objects(requests, prefix);
  const call: Call = {};
  await requireBucket(objects, "", call);
  const facts = await bucketFacts(requests, call);
  sayFacts(facts, onNotice);
  await abortUploads(objects, 1, call).catch((error: unknown) => {
    // The remains of crashes can wait. They must not keep the sink from opening.
    if (!hasCode(error, "UNAVAILABLE")) throw error;
  });
  const createOnly = await createOnlyOf(objects, settings, call);
  const { partBytes, storageClass, onSkipped } = settings;
  const headers = {
    "content-type": "application/octet-stream",
    ...(storageClass !== undefined && { "x-amz-storage-class": storageClass }),
  };
  const sayIfCold = coldTierNotice(onNotice);
  // Trying it out has shown it.
  const tokens = { areSeen: settings.createOnly === undefined };
  const backend = s3Archives(objects, { createOnly, partBytes, headers, tokens, onSkipped, sayIfCold });
  const close = async (): Promise<void> => requests.close();
  return {
    ...defineArchives(backend, { begin: (one) => requests.mayRun(one), onSkipped }),
    createOnly,
    bucketFacts: facts,
    collectOrphans: (op) => collectOrphans(objects, { signal: op?.signal }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function createOnlyOf(objects: Objects, { createOnly, onNotice }: Settings, call: Call): Promise<CreateOnly> {
  if (createOnly !== undefined) return createOnly;
  const found = await probe(objects, call);
  if (found === undefined) {
    const message =
      'The bucket honours no condition on writes (If-None-Match), so one archive could replace another. Use another server; or, if only createArchiver writes there, whose keys are random, open with createOnly: "keys are random".';
    throw new ArchiverError("INVALID_ARGUMENT", message);
  }
  if (found === "put") {
    const message =
      "The bucket honours conditions on PUT only, not on the completion of uploads: each archive gets a claim beside it, for one request more.";
    onNotice({ code: "CREATE_ONLY", message });
  }
  return found;
}
