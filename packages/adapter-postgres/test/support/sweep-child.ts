/** One of several sweepers, each a process with a pool of its own. Arguments: the server, and the schema. Says when it has archived something. */
import { once } from "node:events";
import { createArchiver } from "@session-archiver/core";
import { Pool } from "pg";
import { openPostgres } from "../../src/index.js";
import { watched } from "./watched.js";

/** What a sweeper did. */
export interface Swept {
  readonly archived: number;
  readonly failed: number;
  /** Archives that were made for nothing, since another was faster. */
  readonly inVain: number;
  readonly statements: number;
  readonly seconds: number;
}

const [url = "", schema = ""] = process.argv.slice(2);
const pool = new Pool({ connectionString: url, max: 10 });
const host = watched(pool);
const store = await openPostgres(host, { schema, synchronous: "normal" });
let archives = 0;
let inVain = 0;
const archiver = createArchiver({
  ...store,
  onEvent(event) {
    if (event.type === "archived" && archives++ === 0) console.log("working");
    if (event.type === "skipped" && event.reason === "changed meanwhile") inVain++;
  },
});
console.log("ready");
await once(process.stdin, "data");
process.stdin.destroy();
host.taken();
const start = performance.now();
const { archivedCount: archived, failedCount: failed } = await archiver.sweep({ inactiveDays: 0 });
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ archived, failed, inVain, statements: host.taken().length, seconds } satisfies Swept));
await pool.end();
