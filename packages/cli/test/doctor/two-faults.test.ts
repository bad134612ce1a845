/** Some pairs of faults at random; the proof lane takes more. A failure's name says which. */
import { test } from "vitest";
import { checkPair, pairsOf } from "../support/two-faults.js";

test.each(pairsOf(7, 2))("$name, $kind", { timeout: 120_000 }, checkPair);
