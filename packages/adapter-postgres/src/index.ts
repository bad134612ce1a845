export { type ZlibCodecOptions, zlibCodec } from "@session-archiver/codec-zlib";
export { openPostgres } from "./open.js";
export type { PostgresOptions } from "./options.js";
export type { Queryable, Row, SqlValue } from "./queryable.js";
export { SCHEMA_VERSION } from "./schema.js";
export type { PostgresStore } from "./store.js";
