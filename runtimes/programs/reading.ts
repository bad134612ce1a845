/** Reads the stores that the other runtimes have left in these folders. */
import { openFs } from "@session-archiver/adapter-fs";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { createArchiver } from "@session-archiver/core";
import { expectWhole } from "./life.js";

for (const folder of process.argv.slice(2)) {
  for (const store of [openFs(`${folder}/fs`), await openSqlite(`${folder}/sessions.db`)]) {
    await expectWhole(createArchiver(store));
    await store.close();
  }
}
