/** The claim rule as one object. */
import { claim } from "./claim.js";
import type { ClaimRule } from "./claim-types.js";
import { finish } from "./finish.js";
import { heldParts } from "./held.js";
import { putBack } from "./put-back.js";

export const claimRule: ClaimRule = { claim, heldParts, finish, putBack };
