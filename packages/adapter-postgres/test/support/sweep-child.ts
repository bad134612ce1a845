/**
 * One of several sweepers, each a process with a pool of its own. Arguments: the server, the
 * schema, and for archives in a bucket its endpoint. Says when it has archived something.
 */
import { once } from "node:events";
import { openS3Archives } from "@session-archiver/adapter-s3";
import { createArchiver } from "@session-archiver/core";
import { KEYS } from "@session-archiver/test-kit/fake-s3";
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
  /** To the bucket, if there is one. */
  readonly requests: number;
  readonly seconds: number;
}

const [url = "", schema = "", endpoint] = process.argv.slice(2);
const pool = new Pool({ connectionString: url, max: 10 });
const host = watched(pool);
const store = await openPostgres(host, { schema, synchronous: "normal" });
let requests = 0;
const counting: typeof fetch = (...given) => {
  requests++;
  return fetch(...given);
};
const place = { bucket: "archives", prefix: schema, credentials: KEYS, fetch: counting };
const archives = endpoint === undefined ? store.archives : await openS3Archives({ ...place, endpoint });
let archived = 0;
let inVain = 0;
const archiver = createArchiver({
  ...store,
  archives,
  onEvent(event) {
    if (event.type === "archived" && archived++ === 0) console.log("working");
    if (event.type === "skipped" && event.reason === "changed meanwhile") inVain++;
  },
});
console.log("ready");
await once(process.stdin, "data");
process.stdin.destroy();
host.taken();
requests = 0;
const start = performance.now();
const { archivedCount, failedCount: failed } = await archiver.sweep({ inactiveDays: 0 });
const seconds = (performance.now() - start) / 1000;
const swept: Swept = { archived: archivedCount, failed, inVain, statements: host.taken().length, requests, seconds };
console.log(JSON.stringify(swept));
await pool.end();
