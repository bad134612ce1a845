export { type ZlibCodecOptions, zlibCodec } from "@session-archiver/codec-zlib";
export { defaultHome } from "./home.js";
export { archiveKeyAt } from "./layout.js";
export { type FsArchives, type FsOptions, type FsStore, openFs, openFsArchives } from "./open.js";
export { type LeftFile, leftFiles } from "./staging.js";
