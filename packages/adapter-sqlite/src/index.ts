export { type ZlibCodecOptions, zlibCodec } from "@session-archiver/codec-zlib";
export type { Synchronous } from "./connection.js";
export type { SqliteHandle, SqliteHandleStatement } from "./driver.js";
export { findDamage } from "./find-damage.js";
export { openSqlite } from "./open.js";
export type { SqliteOptions } from "./options.js";
export { SCHEMA_VERSION } from "./schema.js";
export type { SqliteStore } from "./store.js";
