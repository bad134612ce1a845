/** Writes to objects that a defective store makes although it should refuse them. */
import { ArchiverError, type Meta, type ObjectStore, type Version } from "@session-archiver/core";

/** Puts, whatever the version and whatever other callers put. */
export async function force(base: ObjectStore, id: string, meta: Meta): Promise<Version> {
  for (;;) {
    const version = (await base.get(id))?.version ?? null;
    const done = await base.put(id, meta, version).catch(() => undefined);
    if (done) return done;
  }
}

export async function remove(base: ObjectStore, id: string): Promise<void> {
  for (let object = await base.get(id); object; object = await base.get(id)) {
    await base.delete(id, object.version).catch(() => undefined);
  }
}

export async function checkVersion(base: ObjectStore, id: string, expected: Version | null): Promise<void> {
  const version = (await base.get(id))?.version ?? null;
  if (version !== expected) throw new ArchiverError("CONFLICT", "Another version.", { id });
}
