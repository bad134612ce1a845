/** Stores in a folder that a program keeps in step with other machines. */
import { readdirSync } from "node:fs";
import type { FileSpec } from "../stores/spec.js";
import { type DoctorPlaces, sinkArea } from "./areas.js";
import type { Finding } from "./finding.js";
import { type Synced, syncedBy } from "./synced.js";

export async function* syncedFindings(places: DoctorPlaces): AsyncGenerator<Finding> {
  const { store, sink } = places;
  const main = store && (await syncedBy(store.path, places));
  if (store && main) yield catalogue(store, main);
  if (!sink) return;
  const area = sinkArea(store, sink);
  const archives = await syncedBy(area.folder, places);
  if (!archives) return;
  if (sink.kind === "sqlite") {
    if (sink.path !== store?.path) yield catalogue(sink, archives);
    return;
  }
  yield archivesFinding(area.folder, archives);
}

function catalogue({ kind, path }: FileSpec, { program, folder }: Synced): Finding {
  const why =
    kind === "sqlite"
      ? "It copies a database and its log at different instants, so that the two may not fit, and puts another machine's copy in the place of this one, with all that was written since."
      : "It puts another machine's copy of a session's file in the place of this one, with all that was written since, and the store's lock does not reach that machine.";
  const option = kind === "sqlite" ? "--store sqlite:FILE" : "--store fs:DIR";
  return {
    kind: "synced-folder",
    severity: "warning",
    message: `"${path}" lies in "${folder}", which ${program} keeps in step with other machines. ${why}`,
    sessions: [],
    remedy: `keep the catalogue outside of that folder, one for each machine: end all programs that use it, move it${kind === "sqlite" ? " with its -wal" : ""}, then name the new place with ${option} or SESSION_ARCHIVER_HOME. The archives may stay: --archives fs:DIR`,
  };
}

/** Archives never change, so there is nothing to come out of step. Two stores are another matter. */
function archivesFinding(sink: string, { program, folder }: Synced): Finding {
  const stores = storesIn(sink);
  const place = `The archives' folder "${sink}" lies in "${folder}", which ${program} keeps in step with other machines.`;
  if (stores > 1) {
    return {
      kind: "synced-folder",
      severity: "warning",
      message: `${place} It holds the archives of ${stores} stores. Each takes the others' for unknown: \`gc --unknown\` on one machine would delete those of the others, on all machines.`,
      sessions: [],
      remedy:
        "give each store a folder of its own with --archives fs:DIR, and don't answer `gc --unknown` with yes here",
    };
  }
  return {
    kind: "synced-folder",
    severity: "note",
    message: `${place} That is fine: archives never change. Let the program keep them on this disk, not fetch them when they are read.`,
    sessions: [],
    remedy: null,
  };
}

/** The archives of each store lie in a folder that has its id. */
function storesIn(sink: string): number {
  try {
    return readdirSync(sink).filter((name) => /^[0-9a-f]{12}$/.test(name)).length;
  } catch {
    return 0;
  }
}
