/** adapter-sqlite: a file of its own, a host's handle, and read-only, which must leave nothing behind. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { createArchiver } from "@session-archiver/core";
import { expectWhole, live } from "./life.js";

const store = await openSqlite("sessions.db");
await live(store);
await store.reclaim();
await store.close();

const handle = new DatabaseSync("host.db");
const inHost = await openSqlite(handle);
await live(inHost);
await inHost.close();
handle.close();

const files = readdirSync(".").sort();
const readOnly = await openSqlite("sessions.db", { readOnly: true });
await expectWhole(createArchiver(readOnly));
await readOnly.close();
assert.deepEqual(readdirSync(".").sort(), files);
