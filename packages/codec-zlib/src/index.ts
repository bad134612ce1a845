export { type ZlibCodecOptions, zlibCodec } from "./zlib-codec.js";
