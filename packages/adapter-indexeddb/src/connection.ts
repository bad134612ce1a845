/** The connection to the database: opened, given up when another tab needs that, and opened again when the browser cut it. */
import { ArchiverError } from "@session-archiver/core/adapter";
import { openDB } from "idb";
import { translate } from "./failure.js";
import type { IndexedDbOptions } from "./options.js";
import { checkStores, type Db, MIGRATIONS, type Migration, type Upgrade } from "./schema.js";

export interface Connection {
  /** The open database. `UNAVAILABLE` once the store is closed. */
  get(): Promise<Db>;
  /** The browser has cut this one, after a failure of the disk or to clear data: the next {@link get} opens another. */
  drop(db: Db): void;
  close(): void;
}

export async function connect(
  name: string,
  settings: IndexedDbOptions,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<Connection> {
  let current: Promise<Db> | undefined;
  let live: Db | undefined;
  /** Why there is no connection any more. */
  let ended: ArchiverError | undefined;
  let isFirst = true;

  const end = (message: string): ArchiverError => {
    ended = new ArchiverError("UNAVAILABLE", message);
    current = undefined;
    return ended;
  };
  const lose = (message: string): void => {
    if (ended) return;
    const reason = end(message);
    queueMicrotask(() => settings.onClosed?.(reason));
  };
  const giveWay = (db: Db, newVersion: number | null): void => {
    db.close();
    const what = newVersion === null ? "was deleted" : "is being upgraded to a newer version";
    lose(`The database "${name}" ${what} by another tab. Reload the page.`);
  };
  const open = async (): Promise<Db> => {
    let isGone = false;
    let refusal: unknown;
    const upgrade = (db: Db, oldVersion: number, _: number | null, tx: Upgrade): void => {
      tx.done.catch(() => {}); // told by the opening itself
      isGone = !isFirst && oldVersion === 0;
      try {
        // Somebody else's database is not to be changed.
        if (oldVersion > 0) checkStores(db);
      } catch (error) {
        refusal = error;
      }
      if (isGone || refusal) tx.abort();
      else for (const migration of migrations.slice(oldVersion)) migration(db, tx);
    };
    try {
      const db = await openDB(name, migrations.length, { upgrade, blocked: () => settings.onBlocked?.() });
      live = db;
      db.addEventListener("versionchange", ({ newVersion }) => giveWay(db, newVersion));
      return db;
    } catch (error) {
      // To make a new, empty one in its place would hide that everything is gone.
      if (isGone) lose(`The data of this site was cleared, and the database "${name}" with it. Open it again.`);
      throw ended ?? refusal ?? error;
    }
  };
  const get = (): Promise<Db> => {
    if (ended) return Promise.reject(ended);
    if (!current) {
      const opening = open();
      opening.catch(() => {
        if (current === opening) current = undefined;
      });
      current = opening;
    }
    return current;
  };
  const drop = (db: Db): void => {
    db.close();
    if (db === live) current = undefined;
  };
  const close = (): void => {
    const last = current;
    if (!ended) end(`The store on "${name}" is closed. Open it again.`);
    last?.then((db) => db.close()).catch(() => {});
  };

  checkAvailable();
  try {
    const db = await unlessAborted(get(), settings.signal);
    checkStores(db, ["own"]);
  } catch (error) {
    close();
    throw await translate(error, { bytes: 0 });
  }
  isFirst = false;
  return { get, drop, close };
}

function checkAvailable(): void {
  if (typeof globalThis.indexedDB === "object" && globalThis.indexedDB !== null) return;
  const message = "There is no IndexedDB here: this is no browser, or one that allows no storage (a private window).";
  throw new ArchiverError("UNAVAILABLE", message);
}

function unlessAborted<T>(opening: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    opening.then(resolve, reject);
    const stop = (): void =>
      reject(new ArchiverError("ABORTED", "The opening was aborted.", { cause: signal?.reason }));
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
  });
}
