/** Every codec of core against every other, with large inputs. */
import { defaultCodec, fflateCodec, nativeCodec } from "../../src/index.js";
import { testBombOf, testCodecs } from "../codec/codec-laws.js";

testCodecs({ fflate: fflateCodec(), native: nativeCodec(), default: defaultCodec() }, ["default"]);

testBombOf(nativeCodec());
