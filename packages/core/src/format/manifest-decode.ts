/** Reads a manifest of either version and checks everything that a reader relies on. */

import { isName } from "../adapter/validate.js";
import { ArchiverError } from "../errors.js";
import { hasMoreContainers } from "./containers.js";
import { MAX_SEGMENTS, type Manifest, type StoredManifestFile } from "./manifest.js";
import { type Corrupt, decodeFile, NEWER } from "./manifest-file-decode.js";
import { factsIn, sourceIn } from "./origin.js";

/** Most arrays and objects in a manifest. */
const MAX_CONTAINERS: number = MAX_SEGMENTS + 100_000;

/** `CORRUPT` if it can't be a manifest, or if only a newer version of this package can read it. */
export function decodeManifest(bytes: Uint8Array, key: string): Manifest {
  const corrupt: Corrupt = (what, cause) => new ArchiverError("CORRUPT", `Manifest "${key}" ${what}.`, { key, cause });
  if (hasMoreContainers(bytes, MAX_CONTAINERS)) throw corrupt(`holds more than ${MAX_CONTAINERS} arrays and objects`);
  let value: Omit<Manifest, "files"> & { readonly files: readonly StoredManifestFile[] };
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw corrupt("is not JSON", cause);
  }
  const { format } = value ?? {};
  if (format !== 1 && format !== 2) {
    throw corrupt(Number.isSafeInteger(format) ? `is of version ${format}, ${NEWER}` : "has no version");
  }
  const shaped =
    isName(value.id) &&
    typeof value.meta === "object" &&
    value.meta !== null &&
    Number.isSafeInteger(value.createdAt) &&
    Array.isArray(value.files);
  if (!shaped) throw corrupt("lacks an id, metadata, a time or files");
  const { store, archivedAt } = value;
  return {
    format,
    id: value.id,
    createdAt: value.createdAt,
    ...(Number.isSafeInteger(archivedAt) ? { archivedAt } : {}),
    ...(typeof store === "string" ? { store } : {}),
    ...present("source", sourceIn(value.source)),
    ...present("facts", factsIn(value.facts)),
    meta: value.meta,
    files: value.files.map((file) => decodeFile(file, corrupt)),
  };
}

function present<K extends string, T>(name: K, value: T | undefined): { readonly [k in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [k in K]: T });
}
