/** Run as a separate process: takes the lock of a database's file, says so, and never releases it. */
import { DatabaseSync } from "node:sqlite";

const [file = ""] = process.argv.slice(2);
const database = new DatabaseSync(file);
if (file.endsWith(".lock")) database.prepare("PRAGMA journal_mode = MEMORY").get();
database.prepare("BEGIN IMMEDIATE").run();
process.stdout.write("held\n");
setInterval(() => database.isOpen, 1_000_000);
