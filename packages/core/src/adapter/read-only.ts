/** Ports that only read, for adapters whose store was opened so. */
import { ArchiverError, type ErrorContext } from "../errors.js";
import type { ArchiveSink, ObjectStore, Ports } from "../ports.js";

/** What would change the store rejects with `INVALID_ARGUMENT`, before any effect: no later try would fare better. */
export function readOnlyPorts({ objects, blobs, archives }: Ports): Ports {
  return {
    objects: readOnlyObjects(objects),
    blobs: {
      ...blobs,
      create: ({ id, name }) => refuse({ id, key: name }),
      append: ({ key: { id, name } }) => refuse({ id, key: name }),
      delete: ({ key: { id, name } }) => refuse({ id, key: name }),
    },
    archives: readOnlySink(archives),
  };
}

/** As {@link readOnlyPorts}. */
export function readOnlySink(archives: ArchiveSink): ArchiveSink {
  return { ...archives, put: (key) => refuse({ key }), delete: (key) => refuse({ key }) };
}

function readOnlyObjects(objects: ObjectStore): ObjectStore {
  const { ownMeta, claim: _, ...readable } = objects;
  return {
    ...readable,
    put: (id) => refuse({ id }),
    delete: (id) => refuse({ id }),
    takeDamaged: (id) => refuse({ id }),
    ...(ownMeta && { ownMeta: { ...ownMeta, put: () => refuse({}) } }),
  };
}

async function refuse(context: ErrorContext): Promise<never> {
  const message = "The store was opened read-only. To change it, open it without `readOnly`.";
  throw new ArchiverError("INVALID_ARGUMENT", message, context);
}
