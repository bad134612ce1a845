/** The other process of a test: `child.ts <task> <file> <name>`. Prints its progress on stdout. */
import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";
import {
  type ArchiverEvent,
  type Bytes,
  bytesOf,
  codeOf,
  createArchiver,
  hasCode,
  type ObjectStore,
} from "@session-archiver/core";
import { MIB, pattern } from "@session-archiver/test-kit/bytes";
import { openSqlite } from "../../src/index.js";

const [task = "", file = "", name = ""] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const told = async (): Promise<void> => void (await once(process.stdin, "data"));

/** Adds 1 to a number that other processes also add to. */
async function increment(objects: ObjectStore, id: string): Promise<void> {
  for (;;) {
    const found = await objects.get(id);
    try {
      await objects.put(id, { n: Number(found?.meta["n"] ?? 0) + 1 }, found?.version ?? null);
      return;
    } catch (error) {
      if (!hasCode(error, "CONFLICT")) throw error;
    }
  }
}

const tasks: Readonly<Record<string, () => Promise<void>>> = {
  /** Appends lines to a blob of its own, and counts in the objects that all processes share. */
  async work() {
    await using store = await openSqlite(file);
    let ref = await store.blobs.create({ id: name, name: "output" }, "g", bytesOf());
    for (let line = 0; line < 200; line++) {
      ref = await store.blobs.append(ref, new TextEncoder().encode(`${name} ${line}\n`));
      await increment(store.objects, `shared-${line % 3}`);
    }
  },
  /** Sweeps when told to. Says how many sessions it archived, and how many archives it made for nothing. */
  async sweep() {
    await using store = await openSqlite(file);
    let inVain = 0;
    const onEvent = (event: ArchiverEvent): void => {
      if (event.type === "skipped" && event.reason === "changed meanwhile") inVain++;
    };
    const archiver = createArchiver({ ...store, onEvent });
    say("ready");
    await told();
    process.stdin.destroy();
    const { archivedCount, failedCount } = await archiver.sweep({ inactiveDays: 0 });
    say(JSON.stringify({ archived: archivedCount, failed: failedCount, inVain }));
  },
  /** Holds the write lock until told to end. */
  async lock() {
    const db = new DatabaseSync(file);
    db.exec("BEGIN IMMEDIATE");
    say("locked");
    await told();
    db.exec("COMMIT");
    db.close();
  },
  /** Creates a blob of 12 MiB, with a pause after 8 until told to go on. */
  async create() {
    await using store = await openSqlite(file);
    const body = async function* (): Bytes {
      for (let chunk = 0; chunk < 12; chunk++) {
        if (chunk === 8) {
          say("paused");
          await told();
        }
        yield pattern(MIB, chunk);
      }
    };
    const created = store.blobs.create({ id: name, name: "output" }, "g", body());
    await created.then(
      () => say("created"),
      (error: unknown) => say(String(codeOf(error))),
    );
  },
};

await tasks[task]?.();
process.stdin.destroy();
