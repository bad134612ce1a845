/** Whether what is deleted in a bucket is gone. */
import type { Call } from "../call.js";
import { isOk } from "../http/answer.js";
import type { Requests } from "../http/requests.js";
import { textOf } from "../http/xml.js";
import type { BucketFacts } from "../notices.js";

/** Many servers know none of this, and many credentials may not ask: that is no reason not to open. */
export async function bucketFacts(requests: Requests, call: Call): Promise<BucketFacts> {
  const ask = async (what: string) => requests.send({ method: "GET", query: { [what]: "" } }, call);
  const [versioning, lock] = await Promise.all([ask("versioning"), ask("object-lock")]);
  const status = textOf(versioning.text, "Status");
  const isSet = status === "Enabled" || status === "Suspended";
  const isOff = lock.code === "ObjectLockConfigurationNotFoundError" || (isOk(lock) && lock.text !== "");
  const isLocked = isOk(lock) && textOf(lock.text, "ObjectLockEnabled") === "Enabled";
  return {
    versioning: isSet ? status : isOk(versioning) ? "Off" : "UNKNOWN",
    objectLock: isLocked ? "Enabled" : isOff ? "Off" : "UNKNOWN",
  };
}
