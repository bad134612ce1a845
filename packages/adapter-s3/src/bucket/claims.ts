/**
 * For buckets that refuse to replace an object by PUT, but not when an upload in parts is completed. A writer there first
 * creates the claim of its archive, an empty object, which stays as long as the archive. So of any number of writers one goes on.
 */
import { archiveExists, hasCode } from "@session-archiver/core/adapter";
import type { Call } from "../call.js";
import { CLAIMS } from "./names.js";
import { IF_ABSENT, type Objects, TOKEN } from "./objects.js";
import { publish } from "./publish.js";

/** `work` once the claim is ours; it is given back if `work` has surely changed nothing. */
export async function claiming<T>(
  objects: Objects,
  name: string,
  key: string,
  token: string,
  call: Call,
  work: () => Promise<T>,
): Promise<T> {
  const request = { method: "PUT", name: CLAIMS + name, headers: { ...IF_ABSENT, [TOKEN]: token } } as const;
  if (!(await publish(objects, request, token, call))) throw archiveExists(key);
  try {
    return await work();
  } catch (error) {
    // After UNAVAILABLE the archive may yet appear, so the claim stays. It is collected after a day if there is none.
    if (!hasCode(error, "UNAVAILABLE", "CONFLICT")) await deleteClaim(objects, name, { key }).catch(() => {});
    throw error;
  }
}

/** After its archive, never before: an archive without a claim could be replaced. */
export function deleteClaim(objects: Objects, name: string, call: Call): Promise<void> {
  return objects.delete(CLAIMS + name, call);
}
