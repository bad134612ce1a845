/** What a host should know of its bucket, and is no error. */

export interface S3Notice {
  readonly code: "VERSIONED" | "OBJECT_LOCK" | "COLD_TIER" | "CREATE_ONLY";
  /** For people. */
  readonly message: string;
}

export type OnNotice = (notice: S3Notice) => void;
export type ColdTierNotice = (key: string, storageClass: string | undefined) => void;

/** Classes whose objects can't be read before they were brought back. Glacier Instant Retrieval can. */
const COLD = new Set(["GLACIER", "DEEP_ARCHIVE"]);

export function isCold(storageClass: string | undefined): boolean {
  return storageClass !== undefined && COLD.has(storageClass);
}

/** Says of the first archive in a cold class that there are such. */
export function coldTierNotice(onNotice: OnNotice): ColdTierNotice {
  let isSaid = false;
  return (key, storageClass) => {
    if (isSaid || !isCold(storageClass)) return;
    isSaid = true;
    const message = `Archive "${key}" lies in ${storageClass}: it can be listed, but not read before RestoreObject has brought it back. A lifecycle rule may have moved it.`;
    onNotice({ code: "COLD_TIER", message });
  };
}

/** `UNKNOWN` where the bucket doesn't say, or the credentials may not ask. */
export interface BucketFacts {
  /** What versioning is set to. */
  readonly versioning: "Enabled" | "Suspended" | "Off" | "UNKNOWN";
  readonly objectLock: "Enabled" | "Off" | "UNKNOWN";
}

export function sayFacts({ versioning, objectLock }: BucketFacts, onNotice: OnNotice): void {
  if (objectLock === "Enabled") {
    const message =
      "The bucket has object lock: a deleted archive is hidden, and its bytes stay, and cost, until their retention is over and a lifecycle rule expires them.";
    onNotice({ code: "OBJECT_LOCK", message });
  } else if (versioning === "Enabled") {
    const message =
      "The bucket keeps versions: a deleted archive is hidden, and its bytes stay, and cost. A lifecycle rule (NoncurrentVersionExpiration) frees them.";
    onNotice({ code: "VERSIONED", message });
  }
}
