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
  type StoredObject,
} from "@session-archiver/core";
import type { Area } from "./area.js";
import { committing, guarded, guardedStream } from "./errors.js";
import { syncDirectory } from "./files.js";
import { OBJECT_FILE, sessionPath } from "./layout.js";
import { listObjects } from "./list-objects.js";
import { readObject, serialise } from "./object-file.js";

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

  /** Gives a finished file its name. */
  async function publish(file: string, id: string, expected: string | null): Promise<void> {
    await requireVersion(id, expected);
    const path = sessionPath(id);
    const directory = await tree.ensure(path);
    await rename(file, join(directory, OBJECT_FILE));
    await committing(() => (expected === null ? tree.sync(path) : syncDirectory(directory)));
  }

  async function remove(id: string, expected: string): Promise<void> {
    await requireVersion(id, expected);
    const path = sessionPath(id);
    const directory = await tree.ensure(path);
    await unlink(join(directory, OBJECT_FILE));
    await committing(async () => {
      await syncDirectory(directory);
      await tree.removeEmpty(path);
    });
  }

  return {
    async get(id, op) {
      checkName(id, "session id");
      area.begin(op, { id });
      return guarded(`read object "${id}"`, { id }, () => find(id));
    },
    async put(id, meta, expected, op) {
      checkName(id, "session id");
      area.begin(op, { id });
      const version = randomUUID();
      const doing = `write object "${id}"`;
      const body = bytesOf(serialise({ id, version, meta }));
      return staging.write(body, { doing, context: { id }, op }, async ({ path }) => {
        await guarded(doing, { id }, () => lock.run(() => publish(path, id, expected), op));
        return version;
      });
    },
    async delete(id, expected, op) {
      checkName(id, "session id");
      if (expected === null) throw new ArchiverError("INVALID_ARGUMENT", "A delete names a version.", { id });
      area.begin(op, { id });
      await guarded(`delete object "${id}"`, { id }, () => lock.run(() => remove(id, expected), op));
    },
    async *list(query = {}, op) {
      area.begin(op);
      const objects = listObjects(tree, query.prefix ?? "", onSkipped);
      for await (const object of guardedStream("list the objects", {}, objects)) {
        area.begin(op);
        if (matchesQuery(object.id, object.meta, query)) yield object;
      }
    },
  };
}
