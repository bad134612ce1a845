/** The kinds of stores. This is the only place that tells them apart to open them: another kind is a module beside these, and a line here. */
import { folderOpener } from "./fs.js";
import type { StoreOpener } from "./opener.js";
import { postgresOpener } from "./postgres.js";
import { bucketOpener } from "./s3.js";
import type { StoreSpec } from "./spec.js";
import { databaseOpener } from "./sqlite.js";

export function openerOf(spec: StoreSpec): StoreOpener {
  switch (spec.kind) {
    case "fs":
      return folderOpener(spec.path);
    case "sqlite":
      return databaseOpener(spec.path);
    case "postgres":
      return postgresOpener(spec.url);
    case "s3":
      return bucketOpener(spec.url, spec.env ?? {});
  }
}
