/** Claims, over a store's own half of them. */
import { ArchiverError } from "../errors.js";
import type { ObjectStore } from "../ports.js";
import type { ObjectBackend } from "./backends.js";
import { objectCall } from "./call.js";
import type { Guard } from "./guard.js";
import { objectIn } from "./listed-objects.js";
import { unlessCorrupt } from "./unless-corrupt.js";
import { checkCount, checkName } from "./validate.js";

export function claiming(backend: ObjectBackend, guard: Guard): NonNullable<ObjectStore["claim"]> {
  return async (owner, change, ttlMs, op) => {
    checkName(owner, "owner of claims");
    const [take, release] = [idsOf(change?.take), idsOf(change?.release)];
    checkCount(ttlMs, "time that claims last");
    const call = guard.begin(objectCall("objects.claim", undefined, op));
    const left = [...release].filter((id) => !take.has(id));
    const nothing = { objects: [], held: [] };
    try {
      const kept = (await backend.claim?.(owner, { take: [...take], release: left }, ttlMs, call)) ?? nothing;
      const objects = kept.objects.flatMap((one) => unlessCorrupt(() => objectIn(one.id, one), guard.onSkipped) ?? []);
      return { objects, held: kept.held };
    } catch (error) {
      return guard.fail(error, call);
    }
  };
}

/** Each once. */
function idsOf(ids: unknown): ReadonlySet<string> {
  if (!Array.isArray(ids)) {
    throw new ArchiverError("INVALID_ARGUMENT", "A change of claims must have the lists take and release.");
  }
  for (const id of ids) checkName(id, "session id");
  return new Set(ids);
}
