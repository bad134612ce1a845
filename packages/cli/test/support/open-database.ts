/** Run as a separate process: has a database open, as a program does that waits for work. Says so, and never ends. */
import { DatabaseSync } from "node:sqlite";

const [file = ""] = process.argv.slice(2);
const database = new DatabaseSync(file);
database.prepare("SELECT 1 FROM sqlite_master").get();
process.stdout.write("open\n");
setInterval(() => database.isOpen, 1_000_000);
