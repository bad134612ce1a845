/** adapter-postgres: on PGlite, PostgreSQL in this process. */
import { PGlite } from "@electric-sql/pglite";
import { openPostgres } from "@session-archiver/adapter-postgres";
import { live } from "./life.js";

const database = await PGlite.create();
const store = await openPostgres(database, { synchronous: "normal" });
await live(store);
await store.close();
await database.close();
