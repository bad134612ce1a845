/** Looks through a database file for damage. */
import { hasCode } from "@session-archiver/core/adapter";
import { translate } from "./failure.js";
import { openFileReadOnly, type ReadOnlyFile } from "./own-file-read-only.js";

/**
 * What is wrong with the structure of the database at `path`, in words; `undefined` if nothing is. Reads the whole file,
 * compares its indexes with its rows (`PRAGMA integrity_check`), and changes nothing. `NOT_FOUND` if there is none, `UNAVAILABLE` if it can't be read now.
 */
export async function findDamage(path: string): Promise<string | undefined> {
  let own: ReadOnlyFile | undefined;
  try {
    own = await openFileReadOnly(path);
    const [said] = Object.values(own.handle.prepare("PRAGMA integrity_check(1)").get() ?? { said: "ok" });
    own.afterRead();
    // "*** in database main ***", and what is wrong on a line of its own.
    return said === "ok" ? undefined : String(said).replace(/^\*\*\*.*\n/, "");
  } catch (error) {
    const translated = translate(error, { file: path });
    if (hasCode(translated, "CORRUPT")) return translated.message;
    throw translated;
  } finally {
    own?.close();
  }
}
