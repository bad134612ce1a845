/** Archives in a bucket of S3, or of what speaks its protocol. */
import { ArchiverError, toArchiverError } from "@session-archiver/core";
import { awsSettings } from "./aws-settings.js";
import type { Manner, Opened, StoreOpener } from "./opener.js";
import { bucketIn } from "./s3-url.js";

type Env = Readonly<Record<string, string | undefined>>;

export function bucketOpener(url: string, env: Env): StoreOpener {
  const isThere = async (): Promise<boolean> => {
    const opened = await openBucket(url, env, { onSkipped() {}, onNotice() {}, readOnly: true, creates: false });
    try {
      for await (const _ of opened.archives.list()) return true;
      return false;
    } finally {
      await opened.close();
    }
  };
  const noStore = async (): Promise<never> => {
    throw new ArchiverError("INVALID_ARGUMENT", "A bucket holds archives alone.");
  };
  return {
    openStore: noStore,
    openArchives: (manner) => openBucket(url, env, manner),
    hasStore: noStore,
    hasArchives: isThere,
    // Only the server can say.
    lacksArchives: () => false,
  };
}

async function openBucket(url: string, env: Env, { onSkipped, onNotice, readOnly }: Manner): Promise<Opened> {
  const found = bucketIn(url);
  if (typeof found === "string") throw new ArchiverError("INVALID_ARGUMENT", found);
  const { bucket, prefix, parameters } = found;
  const { openS3Archives } = await import("@session-archiver/adapter-s3");
  type Options = Parameters<typeof openS3Archives>[0];
  const given = {
    pathStyle: parameters.path_style === undefined ? undefined : parameters.path_style !== "false",
    // A command that writes nothing need not try out how the bucket takes writes.
    createOnly: (parameters.create_only ?? (readOnly ? "both" : undefined)) as Options["createOnly"], // the adapter checks it
    storageClass: parameters.storage_class,
  };
  try {
    const { credentials, region, endpoint } = await awsSettings(env);
    const sink = await openS3Archives({
      ...{ bucket, prefix, onSkipped, credentials, ...given },
      region: parameters.region ?? region,
      endpoint: parameters.endpoint ?? endpoint,
      // That each archive costs a request more is no matter for people.
      onNotice: ({ code, message }) => (code === "CREATE_ONLY" ? undefined : onNotice(`"${url}": ${message}`)),
    });
    return {
      archives: sink,
      async reclaim(op) {
        await sink.collectOrphans(op);
        return { freedBytes: 0 }; // no disk of this machine
      },
      async erase(op) {
        await sink.collectOrphans(op);
        const { versioning, objectLock } = sink.bucketFacts;
        const keeps = versioning === "Enabled" || versioning === "Suspended" || objectLock === "Enabled";
        const isUnknown = versioning === "UNKNOWN" || objectLock === "UNKNOWN";
        return { unfinished: 0, stays: keeps ? VERSIONS : isUnknown ? PERHAPS_VERSIONS : undefined };
      },
      close: () => sink.close(),
    };
  } catch (error) {
    const { code, message } = toArchiverError(error) as ArchiverError;
    throw new ArchiverError(code, `"${url}": ${message}`, { cause: error });
  }
}

const VERSIONS =
  "the bucket hides what is deleted, and keeps it until a lifecycle rule (NoncurrentVersionExpiration) or somebody deletes its old versions.";
const PERHAPS_VERSIONS =
  "the bucket does not say whether it keeps versions of what is deleted, or these keys may not ask. If it does, delete them, or let a lifecycle rule do it.";
