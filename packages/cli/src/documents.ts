/**
 * The documents that `--json` prints. These types are published, so they use only the library's types, and none of the
 * bundled packages'.
 */
export type * from "./documents/error.js";
export type * from "./documents/facts.js";
export type * from "./documents/info.js";
export type * from "./documents/list.js";
export type * from "./documents/search.js";
export type * from "./documents/show.js";
