/** Checks the source of an import. */

import { checkCount, checkName } from "../../adapter/validate.js";
import { type Check, callable, type Known, must, object, text } from "../../options.js";
import type { ImportSource } from "./import-types.js";
import { isWebStream } from "./web-stream.js";

const SOURCE: Known<ImportSource> = {
  size: (value) => checkCount(value, "size of the source"),
  identity: (value) => checkName(value, "identity of the source"),
  version: text,
  location: text,
  lastModifiedMs: must("a number", (value) => typeof value === "number"),
  read: callable,
};

/** `INVALID_ARGUMENT` for a source that can't be read in ranges. */
export const checkRanges: Check = (value, name) => {
  object(value, `${name}: the source, if it is not a stream,`);
  for (const [key, check] of Object.entries(SOURCE)) {
    const given = (value as Readonly<Record<string, unknown>>)[key];
    if (given !== undefined || key === "size" || key === "read") check(given, `${name}: ${key} of the source`);
  }
};

/** Like {@link checkRanges}, but also accepts a stream. */
export const checkSource: Check = (value, name) => {
  if (typeof value === "object" && value !== null && (Symbol.asyncIterator in value || isWebStream(value))) return;
  checkRanges(value, name);
};
