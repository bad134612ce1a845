/** All mutants. */
import { archiveMutants } from "./archives.js";
import { blobAppendMutants } from "./blobs-append.js";
import { blobRefMutants } from "./blobs-refs.js";
import { claimMutants } from "./claims.js";
import { damageMutants } from "./damage.js";
import { foreignMutants } from "./foreign.js";
import { historyMutants } from "./histories.js";
import { listingMutants } from "./listing.js";
import { metadataMutants } from "./metadata.js";
import type { Mutant } from "./mutant.js";
import { nameMutants } from "./names.js";
import { newestMutants } from "./newest.js";
import { objectRaceMutants } from "./objects-races.js";
import { objectSwapMutants } from "./objects-swap.js";
import { ownMetaMutants } from "./own-meta.js";
import { queryMutants } from "./queries.js";
import { readMutants } from "./reads.js";
import { restartMutants } from "./restarts.js";
import { separationMutants } from "./separation.js";
import { sweeperMutants } from "./sweepers.js";
import { writeMutants } from "./writes.js";
import { largeWriteMutants } from "./writes-large.js";
import { refusedWriteMutants } from "./writes-refused.js";

export const mutants: readonly Mutant[] = [
  ...objectSwapMutants,
  ...objectRaceMutants,
  ...listingMutants,
  ...queryMutants,
  ...newestMutants,
  ...claimMutants,
  ...metadataMutants,
  ...ownMetaMutants,
  ...damageMutants,
  ...writeMutants,
  ...refusedWriteMutants,
  ...largeWriteMutants,
  ...readMutants,
  ...blobAppendMutants,
  ...blobRefMutants,
  ...archiveMutants,
  ...nameMutants,
  ...separationMutants,
  ...restartMutants,
  ...historyMutants,
  ...sweeperMutants,
  ...foreignMutants,
];
