/** The one place to which parts belong. */
import { ArchiverError } from "@session-archiver/core";
import type { HeldPart } from "./claim-types.js";
import { checkPlace, isSamePlace, type Place } from "./place.js";

/** `INVALID_ARGUMENT` if there is none, or more than one. */
export function placeOf(parts: readonly HeldPart[]): Place {
  const [first] = parts;
  if (!first || !parts.every((part) => isSamePlace(part, first))) {
    throw new ArchiverError("INVALID_ARGUMENT", "Give the parts of one place: there is one at least.");
  }
  checkPlace(first);
  return { root: first.root, path: first.path };
}
