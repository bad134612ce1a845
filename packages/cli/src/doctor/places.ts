/** doctor's look at files and places: all that shows without opening the store. It changes nothing. */
import { areasOf, type DoctorPlaces } from "./areas.js";
import { catalogueFindings } from "./catalogue.js";
import type { Finding } from "./finding.js";
import { lookForForeign } from "./foreign.js";
import { lockFindings } from "./locks.js";
import { type Looker, named } from "./looker.js";
import { lookAtModes } from "./modes.js";
import { networkFindings } from "./network.js";
import { layoutFindings } from "./old-layout.js";
import { lookForPlaceholders } from "./placeholders.js";
import { lookAtSinkCopies } from "./sink-copies.js";
import { lookAtSpace } from "./space.js";
import { stagingFindings } from "./staging.js";
import { lookAtStoreCopies } from "./store-copies.js";
import { syncedFindings } from "./synced-findings.js";
import { walk } from "./walk.js";

export type { DoctorPlaces } from "./areas.js";
export { realProbes } from "./probes.js";

/** All that is wrong with the places, or worth knowing. Goes through every file's name once, and reads few of them. */
export async function* placeFindings(places: DoctorPlaces): AsyncGenerator<Finding> {
  yield* catalogueFindings(places);
  yield* layoutFindings(places);
  yield* networkFindings(places);
  yield* syncedFindings(places);
  yield* lockFindings(places);
  yield* stagingFindings(places);
  yield* walkFindings(places);
}

async function* walkFindings(places: DoctorPlaces): AsyncGenerator<Finding> {
  const lookers: readonly Looker[] = [
    lookAtModes(places),
    lookForPlaceholders(places),
    lookAtSinkCopies(),
    lookAtStoreCopies(places),
    lookForForeign(places),
    lookAtSpace(places),
  ];
  const unreadable: string[] = [];
  for (const area of areasOf(places)) {
    for await (const entry of walk(area, (path) => unreadable.push(path))) {
      for (const looker of lookers) looker.see(entry);
    }
  }
  for (const looker of lookers) yield* looker.findings();
  if (unreadable.length > 0) yield notLookedAt(unreadable);
}

function notLookedAt(paths: readonly string[]): Finding {
  return {
    kind: "not-looked-at",
    severity: "warning",
    message: `This user may not look into ${named(paths)}. What is there could not be checked.`,
    sessions: [],
    remedy: "give the store's owner the right to read it, or run doctor as the owner",
  };
}
