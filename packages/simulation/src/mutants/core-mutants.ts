/** All mutants of core. */
import type { Mutant } from "./core-mutant.js";
import { blobMutants } from "./mutants-blobs.js";
import { commitMutants } from "./mutants-commit.js";
import { droppedMutants } from "./mutants-dropped.js";
import { importsMutants } from "./mutants-imports.js";
import { otherMutants } from "./mutants-others.js";
import { partsMutants } from "./mutants-parts.js";
import { storesMutants } from "./mutants-stores.js";

export const coreMutants: readonly Mutant[] = [
  ...commitMutants,
  ...blobMutants,
  ...otherMutants,
  ...droppedMutants,
  ...partsMutants,
];

/** The mutants that each simulation finds: of one session, of imports, of stores. */
export const allMutants: readonly Mutant[] = [...coreMutants, ...importsMutants, ...storesMutants];
