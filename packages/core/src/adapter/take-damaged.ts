/** Takes a damaged object out of a store that keeps versions apart from the metadata. */
import { hasCode } from "../errors.js";
import type { ObjectBackend } from "./backends.js";
import type { Call } from "./call.js";
import { decodeMeta, type StoredMeta } from "./stored-meta.js";

/** `false`, having changed nothing, if the object is absent, not damaged, or changed meanwhile. */
export async function takeDamaged(
  backend: ObjectBackend,
  id: string,
  keep: (stored: Uint8Array) => Promise<void>,
  call: Call,
): Promise<boolean> {
  const stored = await backend.get(id, call);
  if (!stored || typeof stored.version !== "string" || isSound(stored)) return false;
  await keep(new TextEncoder().encode(textOf(stored)));
  return await backend.delete(id, stored.version, call);
}

function isSound(stored: StoredMeta): boolean {
  try {
    decodeMeta(stored, "", {});
    return true;
  } catch (error) {
    if (hasCode(error, "CORRUPT")) return false;
    throw error;
  }
}

function textOf(stored: StoredMeta): string {
  const value = "json" in stored ? stored.json : stored.meta;
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
