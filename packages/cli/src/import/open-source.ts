/** Opens the file that a session was imported from, as long as it is still that session's. */
import { dirname } from "node:path";
import { hasCode, type ImportSource, type Meta } from "@session-archiver/core";
import { archiveNameOf } from "./archive-names.js";
import { formOf } from "./find.js";
import { identityOf } from "./identity.js";
import { originOf } from "./known-sessions.js";
import { partsFinder } from "./later-parts.js";
import { importSource, lookAt, rawSize } from "./source-file.js";

/**
 * `undefined` if there is no longer anything to compare the session with: the file is gone, empty, can't be unpacked,
 * or belongs to another session by now. Otherwise errors of the file system.
 */
export async function openSource(meta: Meta, signal: AbortSignal | undefined): Promise<ImportSource | undefined> {
  const { location, identity } = originOf(meta);
  const form = location === undefined ? undefined : formOf(location);
  if (location === undefined || form === undefined) return undefined;
  try {
    const ours = form === "gzip" ? await archiveNameOf(location, dirname(location)) : undefined;
    const parts = form === "gzip" ? await partsFinder()(location, ours?.id) : [];
    const source = await lookAt(location, form, parts);
    if (source.state.size === 0) return undefined;
    const told = await identityOf(source, signal);
    if (identity !== undefined && told !== undefined && told !== identity) return undefined;
    return importSource(source, { size: await rawSize(source, signal), identity }, signal);
  } catch (error) {
    if (hasCode(error, "NOT_FOUND", "CORRUPT")) return undefined;
    throw error;
  }
}
