/** Checks what others register as a source. */
import { ArchiverError } from "@session-archiver/core";
import type { AgentSource } from "./source.js";

/** Such names can't be taken for folders or lists. */
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const METHODS = ["home", "scan", "live", "neededBy", "cleanUpAt", "arrange", "resume"] as const;
const OPTIONAL = ["isFragment", "stillTrue"] as const;

/** `INVALID_ARGUMENT` with the first thing that is wrong. */
export function checkSource(source: AgentSource): void {
  if (typeof source !== "object" || source === null) throw malformed("A source is an object.");
  const { name, label, roots } = source;
  if (typeof name !== "string" || !NAME.test(name)) {
    throw malformed(`A source's name has lower-case letters, digits and single dashes, such as "claude-code".`);
  }
  if (typeof label !== "string" || label.trim() === "")
    throw malformed(`The source "${name}" needs a label for people.`);
  for (const method of METHODS) {
    if (typeof source[method] !== "function") throw malformed(`The source "${name}" has no function ${method}.`);
  }
  for (const method of OPTIONAL) {
    if (source[method] !== undefined && typeof source[method] !== "function") {
      throw malformed(`${method} of the source "${name}" is not a function.`);
    }
  }
  if (!Array.isArray(roots) || roots.length === 0 || !roots.every(isRoot)) {
    throw malformed(`The roots of the source "${name}" must be paths below its home, with slashes and without "..".`);
  }
  // Else the same files would be found twice.
  const isNested = roots.some((one, at) => roots.some((other, index) => at !== index && isWithin(one, other)));
  if (isNested) throw malformed(`Two roots of the source "${name}" lie in each other.`);
}

const isRoot = (root: unknown): boolean =>
  typeof root === "string" &&
  (root === "" || root.split("/").every((part) => part !== "" && part !== "." && part !== "..")) &&
  !/[\\\0]/.test(root);

const isWithin = (path: string, folder: string): boolean =>
  folder === "" || path === folder || path.startsWith(`${folder}/`);

function malformed(message: string): ArchiverError {
  return new ArchiverError("INVALID_ARGUMENT", message);
}
