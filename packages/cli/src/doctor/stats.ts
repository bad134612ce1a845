/** Looks at single files, which may be gone, or closed to this user: neither must end the whole look. */
import { lstatSync, type Stats, statSync } from "node:fs";
import { systemCode } from "../fs-errors.js";

/** Of the entry itself, if it is a link. `undefined` if there is none, or if this user may not look. */
export function lstatOf(path: string): Stats | undefined {
  return unlessFailed(() => lstatSync(path, { throwIfNoEntry: false }));
}

/** Of what a link leads to. */
export function statOf(path: string): Stats | undefined {
  return unlessFailed(() => statSync(path, { throwIfNoEntry: false }));
}

/** Whether a folder on the way to it keeps this user from seeing it. */
export function isClosed(path: string): boolean {
  try {
    statSync(path, { throwIfNoEntry: false });
    return false;
  } catch (error) {
    return ["EACCES", "EPERM"].includes(systemCode(error));
  }
}

function unlessFailed(look: () => Stats | undefined): Stats | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
