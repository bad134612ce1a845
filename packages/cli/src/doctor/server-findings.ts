/** Catalogue and archives that lie on servers, as far as it shows whether they are there. */
import { hasCode, toArchiverError } from "@session-archiver/core";
import { openerOf } from "../stores/openers.js";
import type { Places } from "../stores/places.js";
import { isOnDisk, isSameStore, specText } from "../stores/spec.js";
import { unlessAborted } from "../stores/unless-aborted.js";
import type { DoctorPlaces } from "./areas.js";
import { holdsArchives, missingCatalogue } from "./catalogue.js";
import type { Finding } from "./finding.js";

/** `onDisk`: what of the places has files. */
export async function* serverFindings(
  { store, sink }: Places,
  onDisk: DoctorPlaces,
  signal: AbortSignal | undefined,
): AsyncGenerator<Finding> {
  if (!isOnDisk(store)) {
    const isThere = await unlessAborted(openerOf(store).hasStore(), signal).catch(unreadable("catalogue"));
    if (typeof isThere !== "boolean") yield isThere;
    else if (!isThere)
      yield missingCatalogue(specText(store), !isSameStore(store, sink) && (await holdsArchives(onDisk)), "");
  }
  if (isOnDisk(sink) || isSameStore(store, sink)) return;
  const isThere = await unlessAborted(openerOf(sink).hasArchives(), signal).catch(unreadable("archives"));
  if (typeof isThere !== "boolean") yield isThere;
}

/** The server is not there, or lets nobody in. */
function unreadable(what: "catalogue" | "archives"): (error: unknown) => Finding {
  return (error) => {
    if (hasCode(error, "ABORTED")) throw error;
    const { message } = toArchiverError(error);
    return { kind: `${what}-unreadable`, severity: "damage", message, sessions: [], remedy: null };
  };
}
