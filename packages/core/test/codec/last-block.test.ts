/** Finds where a deflate stream ends. */
import fc from "fast-check";
import { test } from "vitest";
import { runs } from "../fuzz.js";
import { bytes, manyBlocks } from "./codec-laws.js";
import { checkLastBlock, settings } from "./last-block-law.js";

test("the last block is found in what zlib writes, of one block or several", () => {
  fc.assert(fc.property(bytes, settings, checkLastBlock), runs(60));
  fc.assert(fc.property(manyBlocks, settings, checkLastBlock), runs(5));
});
