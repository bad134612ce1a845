/** The little that this package needs of a driver. */

/** A parameter: bytes for `bytea`, else what its cast in the statement takes. */
export type SqlValue = null | boolean | number | string | Uint8Array;
export type Row = Readonly<Record<string, unknown>>;

/**
 * A `Pool` or `Client` of `pg`, or anything with the same `query`: PGlite, the pools of Neon and Vercel. Each call is one statement
 * that commits by itself, with no name and no session state, so two calls may run on two connections.
 */
export interface Queryable {
  query(text: string, values?: SqlValue[]): PromiseLike<{ readonly rows: readonly unknown[] }>;
}
