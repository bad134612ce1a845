/**
 * Objects: one JSON file each. It is only ever replaced as a whole, by a rename under the store's lock; reads need no
 * lock. Each object has a directory of its own, because a directory's entries may be missed or come twice while it is
 * listed if they are renamed: the directories never are.
 */
import { randomUUID } from "node:crypto";
import { rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  ArchiverError,
  bytesOf,
  checkName,
  matchesQuery,
  type ObjectStore,
  type OpOptions,
  type StoredObject,
} from "@session-archiver/core/adapter";
import type { Area } from "./area.js";
import { committing, guarded, guardedStream } from "./errors.js";
import { absentAs, syncDirectory } from "./files.js";
import { OBJECT_FILE, sessionPath } from "./layout.js";
import { listObjects } from "./list-objects.js";
import { readObject, toText } from "./object-file.js";
import { openOwnMeta } from "./own-meta.js";

/** `onSkipped` is told of objects that can't be read while others are listed. */
export function openObjects(area: Area, onSkipped: (error: Error) => void): ObjectStore {
  const { tree, staging, lock } = area;

  async function find(id: string): Promise<StoredObject | undefined> {
    const directory = await tree.find(sessionPath(id));
    return directory === undefined ? undefined : readObject(directory, sessionPath(id));
  }

  async function requireVersion(id: string, expected: string | null): Promise<void> {
    const version = (await find(id))?.version ?? null;
    if (version === expected) return;
    const message = `Object "${id}" is not at version ${expected ?? "(absent)"} but ${version ?? "(absent)"}.`;
    throw new ArchiverError("CONFLICT", message, { id });
  }

  /**
   * Gives a finished file its name. That of a new object is made durable with the directories above, before anybody else
   * may rely on those. A later one needs its own directory only, which any change of the same object syncs: so others
   * need not wait for that.
   */
  async function publish(file: string, id: string, expected: string | null, op: OpOptions | undefined): Promise<void> {
    const path = sessionPath(id);
    const directory = await lock.run(async () => {
      await requireVersion(id, expected);
      const found = await tree.ensure(path);
      await rename(file, join(found, OBJECT_FILE));
      if (expected === null) await committing(() => tree.sync(path));
      return found;
    }, op);
    // Whoever has removed the directory meanwhile had made what was in it durable.
    if (expected !== null) await committing(() => absentAs(syncDirectory(directory)));
  }

  async function remove(id: string, expected: string, op: OpOptions | undefined): Promise<void> {
    const path = sessionPath(id);
    const directory = await lock.run(async () => {
      await requireVersion(id, expected);
      const found = await tree.ensure(path);
      await unlink(join(found, OBJECT_FILE));
      return found;
    }, op);
    await committing(async () => {
      await absentAs(syncDirectory(directory));
      await lock.run(() => tree.removeEmpty(path));
    });
  }

  return {
    async get(id, op) {
      checkName(id, "session id");
      area.begin(op, { id });
      return guarded(`read object "${id}"`, { id }, () => tree.steady(() => find(id)));
    },
    async put(id, meta, expected, op) {
      checkName(id, "session id");
      const version = randomUUID();
      const doing = `write object "${id}"`;
      const object: StoredObject = { id, version, meta };
      const body = bytesOf(toText(object, { id }));
      await area.beginChange(doing, op, { id });
      return staging.write(body, { doing, context: { id }, op }, async ({ path }) => {
        await guarded(doing, { id }, () => area.change(() => publish(path, id, expected, op)));
        return version;
      });
    },
    async delete(id, expected, op) {
      checkName(id, "session id");
      if (expected === null) throw new ArchiverError("INVALID_ARGUMENT", "A delete names a version.", { id });
      const doing = `delete object "${id}"`;
      await area.beginChange(doing, op, { id });
      await guarded(doing, { id }, () => area.change(() => remove(id, expected, op)));
    },
    async *list(query = {}, op) {
      area.begin(op);
      const objects = listObjects(tree, query.prefix ?? "", onSkipped);
      for await (const object of guardedStream("list the objects", {}, objects)) {
        area.begin(op);
        if (matchesQuery(object.id, object.meta, query)) yield object;
      }
    },
    ownMeta: openOwnMeta(area),
  };
}
