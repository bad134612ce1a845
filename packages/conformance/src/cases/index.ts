/** All cases, in a good order to read them. */
import type { Case } from "../case.js";
import { modelCases } from "../model/cases.js";
import { abortCases } from "./abort.js";
import { archiveCases } from "./archives.js";
import { blobAppendCases } from "./blobs-append.js";
import { blobRefCases } from "./blobs-refs.js";
import { bodyCases } from "./bodies.js";
import { failingBodyCases } from "./bodies-failing.js";
import { claimCases } from "./claims.js";
import { createOnlyCases } from "./create-only.js";
import { largeCreateOnlyCases } from "./create-only-large.js";
import { damageCases } from "./damage.js";
import { durabilityCases } from "./durability.js";
import { foreignCrashCases } from "./foreign-crashes.js";
import { foreignRuleCases } from "./foreign-rules.js";
import { foreignWriterCases } from "./foreign-writers.js";
import { lifecycleCases } from "./lifecycle.js";
import { lifecycleFaultCases } from "./lifecycle-faults.js";
import { lifecycleRaceCases } from "./lifecycle-races.js";
import { metadataCases } from "./metadata.js";
import { illegalNameCases } from "./names-illegal.js";
import { legalNameCases } from "./names-legal.js";
import { objectListCases } from "./objects-list.js";
import { objectNewestCases } from "./objects-newest.js";
import { objectQueryCases } from "./objects-query.js";
import { objectRaceCases } from "./objects-races.js";
import { objectSwapCases } from "./objects-swap.js";
import { ownMetaCases } from "./own-meta.js";
import { peerCases } from "./peers.js";
import { readingCases } from "./reading.js";
import { separationCases } from "./separation.js";
import { sweeperCases } from "./sweepers.js";

export const cases: readonly Case[] = [
  ...objectSwapCases,
  ...objectRaceCases,
  ...objectListCases,
  ...objectQueryCases,
  ...objectNewestCases,
  ...claimCases,
  ...metadataCases,
  ...ownMetaCases,
  ...damageCases,
  ...bodyCases,
  ...failingBodyCases,
  ...createOnlyCases,
  ...largeCreateOnlyCases,
  ...readingCases,
  ...blobAppendCases,
  ...blobRefCases,
  ...archiveCases,
  ...legalNameCases,
  ...illegalNameCases,
  ...abortCases,
  ...separationCases,
  ...modelCases(),
  ...durabilityCases,
  ...peerCases,
  ...sweeperCases,
  ...lifecycleCases,
  ...lifecycleFaultCases,
  ...lifecycleRaceCases,
  ...foreignRuleCases,
  ...foreignWriterCases,
  ...foreignCrashCases,
];
