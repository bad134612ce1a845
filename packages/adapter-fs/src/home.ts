/** Where a host that was told nothing else keeps its store. */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { ArchiverError } from "@session-archiver/core/adapter";

/** `$SESSION_ARCHIVER_HOME`, or `.session-archiver` in the home directory; `INVALID_ARGUMENT` if there is neither. */
export function defaultHome(): string {
  const chosen = process.env["SESSION_ARCHIVER_HOME"];
  if (chosen) return resolve(chosen);
  let home = "";
  let cause: unknown;
  try {
    home = homedir();
  } catch (error) {
    cause = error;
  }
  if (isAbsolute(home)) return join(home, ".session-archiver");
  const message = "This user has no home directory: set SESSION_ARCHIVER_HOME to the directory to use.";
  throw new ArchiverError("INVALID_ARGUMENT", message, { cause });
}
