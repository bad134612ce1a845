/**
 * A program: `search-whole.js HOME QUERY OPTIONS` searches a home of the command line, and prints how many hits it has found
 * and what it has covered. OPTIONS are those of `search`, as JSON.
 */
import { join } from "node:path";
import { openFsArchives } from "@session-archiver/adapter-fs";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { zlibCodec } from "@session-archiver/codec-zlib";
import { createArchiver } from "@session-archiver/core";
import { type SearchOptions, search } from "@session-archiver/search";

const [home = "", query = "", options = "{}"] = process.argv.slice(2);
const store = await openSqlite(join(home, "sessions.db"), { readOnly: true });
const archives = openFsArchives(join(home, "archives"), { readOnly: true });
const archiver = createArchiver({ ...store, archives, codec: zlibCodec() });
const searched = search(archiver, query, JSON.parse(options) as SearchOptions);
let hits = 0;
for await (const _ of searched) hits++;
const { sessions, bytes, unreadable } = searched.coverage;
console.log(JSON.stringify({ hits, sessions, bytes, unreadable: unreadable.length }));
await archives.close();
await store.close();
