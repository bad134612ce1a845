export { type PostgresPrograms, postgresFromNpm } from "./npm-postgres.js";
export { startPgBouncer } from "./pgbouncer.js";
export { type PostgresServer, startPostgres, whyNoPostgres } from "./postgres.js";
export { end, find, freePort, newFolder, run, start } from "./programs.js";
