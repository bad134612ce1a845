/** Archives: an object each, which is there as a whole or not at all. */
import { type ArchiveBackend, skipCorrupt } from "@session-archiver/core/adapter";
import { deleteClaim } from "./bucket/claims.js";
import { listNames, requireBucket } from "./bucket/listing.js";
import { deleteLongKey, readLongKey } from "./bucket/long-keys.js";
import { keyOf, nameOf, nameOfPrefix } from "./bucket/names.js";
import type { Objects } from "./bucket/objects.js";
import { readObject } from "./bucket/read.js";
import type { Call } from "./call.js";
import { createArchive, type Tokens } from "./create-archive.js";
import type { CreateOnly } from "./create-only.js";
import type { ColdTierNotice } from "./notices.js";

export interface ArchiveSettings {
  readonly createOnly: CreateOnly;
  readonly partBytes: number;
  /** Of every new archive. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tokens: Tokens;
  readonly onSkipped: (error: Error) => void;
  readonly sayIfCold: ColdTierNotice;
}

export function s3Archives(objects: Objects, settings: ArchiveSettings): ArchiveBackend {
  const { createOnly, partBytes, onSkipped, sayIfCold } = settings;
  return {
    rowBytes: partBytes,
    // Core never uses a key twice, so a look before each write would cost more than the bodies that it spares.
    refusesEarly: createOnly !== "keys are random",
    put: (key, body, call) => createArchive(objects, settings, key, body, call),
    async stat(key, call) {
      const { name } = await nameOf(key);
      const head = await objects.head(name, call);
      if (head) sayIfCold(key, head.storageClass);
      else await requireBucket(objects, name, call);
      return head;
    },
    async *read(key, range, call) {
      yield* readObject(objects, (await nameOf(key)).name, key, range, call);
    },
    async delete(key, call) {
      const named = await nameOf(key);
      await objects.delete(named.name, call);
      if (createOnly === "put") await deleteClaim(objects, named.name, call);
      await deleteLongKey(objects, named, call);
    },
    async *list(prefix, call) {
      for await (const page of listNames(objects, nameOfPrefix(prefix), call)) {
        for (const { name, storageClass, ...head } of page) {
          const key = await keyIn(objects, name, call).catch((error: unknown) => skipCorrupt(error, onSkipped));
          if (key === undefined) continue;
          sayIfCold(key, storageClass);
          yield { key, ...head };
        }
      }
    },
  };
}

/** `undefined` if it was deleted meanwhile. */
async function keyIn(objects: Objects, name: string, call: Call): Promise<string | undefined> {
  const found = keyOf(name);
  return "key" in found ? found.key : readLongKey(objects, found.hash, call);
}
