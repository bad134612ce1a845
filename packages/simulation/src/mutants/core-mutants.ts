/** All mutants of core. */
import type { CoreMutant } from "./core-mutant.js";
import { blobMutants } from "./mutants-blobs.js";
import { commitMutants } from "./mutants-commit.js";
import { importsMutants } from "./mutants-imports.js";
import { otherMutants } from "./mutants-others.js";
import { storesMutants } from "./mutants-stores.js";

export const coreMutants: readonly CoreMutant[] = [...commitMutants, ...blobMutants, ...otherMutants];

/** The mutants that each simulation finds: of one session, of imports, of stores. */
export const allMutants: readonly CoreMutant[] = [...coreMutants, ...importsMutants, ...storesMutants];
