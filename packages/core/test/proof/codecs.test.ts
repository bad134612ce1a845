/** Every codec of core against every other, and what they share, with large inputs. */
import fc from "fast-check";
import { test } from "vitest";
import { defaultCodec, fflateCodec, nativeCodec } from "../../src/index.js";
import { bytes, manyBlocks, testBombOf, testCodecs } from "../codec/codec-laws.js";
import { checkLastBlock, settings } from "../codec/last-block-law.js";
import { runs } from "../fuzz.js";

testCodecs({ fflate: fflateCodec(), native: nativeCodec(), default: defaultCodec() }, ["default"]);
testBombOf(nativeCodec());

test("the last block is found in whatever zlib writes", () => {
  fc.assert(fc.property(fc.oneof(bytes, manyBlocks), settings, checkLastBlock), runs(100));
});
