/** All mutants of core. */
import type { CoreMutant } from "./core-mutant.js";
import { blobMutants } from "./mutants-blobs.js";
import { commitMutants } from "./mutants-commit.js";
import { otherMutants } from "./mutants-others.js";

export const coreMutants: readonly CoreMutant[] = [...commitMutants, ...blobMutants, ...otherMutants];
