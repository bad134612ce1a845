/** Task: inserts rows of 500 bytes into a bare table of `node:sqlite`, a fixed number in each transaction. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { timed } from "../measure/sample.js";

export interface InsertParams {
  readonly folder: string;
  readonly rows: number;
  readonly perTransaction: number;
}

const LINE = new Uint8Array(500).fill(120);

export async function run({ folder, rows, perTransaction }: InsertParams): Promise<{ seconds: number }> {
  await mkdir(folder, { recursive: true });
  using db = new DatabaseSync(join(folder, "plain.db"));
  db.exec("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  db.exec("CREATE TABLE lines (n INTEGER PRIMARY KEY, line BLOB NOT NULL)");
  const insert = db.prepare("INSERT INTO lines (line) VALUES (?)");
  const seconds = await timed(async () => {
    for (let row = 0; row < rows; row += perTransaction) {
      db.exec("BEGIN IMMEDIATE");
      for (let n = 0; n < perTransaction; n++) insert.run(LINE);
      db.exec("COMMIT");
    }
  });
  return { seconds };
}
