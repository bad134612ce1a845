/** Pairs of faults at random, many in the proof lane. More: `SESSION_ARCHIVER_PAIRS=400 SESSION_ARCHIVER_SEED=…`. */
import { test } from "vitest";
import { checkPair, pairsOf } from "../support/two-faults.js";

const seed = Number(process.env["SESSION_ARCHIVER_SEED"] ?? 1);
const count = Number(process.env["SESSION_ARCHIVER_PAIRS"] ?? 2);

test.each(pairsOf(seed, count))("$name, $kind", { timeout: 120_000 }, checkPair);
