/** Objects: one JSON file each, beside the directory that their blobs lie in. */
import type { ObjectBackend } from "@session-archiver/core/adapter";
import { deleteMeta, takeDamagedMeta, writeMeta } from "./change-meta.js";
import { OWN, OWN_FILE, sessionPath } from "./layout.js";
import { type ListOptions, listObjects } from "./list-objects.js";
import { readMeta } from "./meta-file.js";
import type { StoreDirectory } from "./store-directory.js";

export function openObjects(store: StoreDirectory, options: ListOptions): ObjectBackend {
  const { tree } = store;
  return {
    get: (id) => tree.steady(() => readMeta(tree, sessionPath(id))),
    put: (id, record, expected, call) => writeMeta(store, sessionPath(id), id, record, expected, call),
    delete: (id, expected, call) => deleteMeta(store, sessionPath(id), expected, call),
    takeDamaged: (id, keep, call) => takeDamagedMeta(store, sessionPath(id), keep, call),
    list: (query) => listObjects(store, query, options),
    ownMeta: {
      place: `in ${OWN_FILE}`,
      get: () => readMeta(tree, OWN),
      put: (record, expected, call) => writeMeta(store, OWN, undefined, record, expected, call),
    },
  };
}
