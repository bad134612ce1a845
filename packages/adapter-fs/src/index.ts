export { defaultHome } from "./home.js";
export { type FsArchives, type FsOptions, type FsStore, openFs, openFsArchives } from "./open.js";
