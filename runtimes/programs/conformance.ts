/** conformance: the whole suite, on the store that is named. */
import { mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openFs } from "@session-archiver/adapter-fs";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { FEATURES, type Feature, runAll, type Setup } from "@session-archiver/conformance";
import { memoryPorts, type Ports } from "@session-archiver/core";

interface Closable extends Ports {
  close(): Promise<void>;
}

/** Stores in a folder of their own. */
function inFolder(open: (folder: string) => Promise<Closable>, damage: (folder: string, id: string) => void): Setup {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "session-archiver-conformance-"));
    const opened: Closable[] = [];
    const again = async (): Promise<Ports> => {
      const store = await open(folder);
      opened.push(store);
      const { objects, blobs, archives } = store;
      return { objects, blobs, archives };
    };
    return {
      ...(await again()),
      reopen: again,
      peer: again,
      damage: async (id) => damage(folder, id),
      async close() {
        for (const store of opened) await store.close();
        rmSync(folder, { recursive: true });
      },
    };
  };
}

const quiet = { onSkipped: () => {} }; // the suite damages objects itself

const STORES: Readonly<Record<string, { readonly setup: Setup; readonly offers: readonly Feature[] }>> = {
  memory: {
    setup: async () => memoryPorts(),
    offers: ["objects", "blobs", "archives", "ownMeta", "listNewest", "claim"],
  },
  fs: {
    setup: inFolder(
      async (folder) => openFs(folder, quiet),
      (folder, id) => {
        const file = `${join(folder, "store", ...id.split("/").map(encodeURIComponent))}.session.json`;
        truncateSync(file, statSync(file).size - 2);
      },
    ),
    offers: FEATURES.filter((feature) => feature !== "listNewest" && feature !== "claim"),
  },
  sqlite: {
    setup: inFolder(
      (folder) => openSqlite(join(folder, "sessions.db"), quiet),
      (folder, id) => {
        const db = new DatabaseSync(join(folder, "sessions.db"));
        db.exec("PRAGMA busy_timeout = 5000");
        db.prepare("UPDATE sa_objects SET meta = substr(meta, 2) WHERE id = CAST(? AS BLOB)").run(id);
        db.close();
      },
    ),
    offers: FEATURES,
  },
};

const store = STORES[process.argv[2] ?? ""];
if (!store) throw new Error(`Name one of these stores: ${Object.keys(STORES).join(", ")}.`);
let passed = 0;
const failures: string[] = [];
for await (const { concern, name, outcome, error } of runAll(store.setup, { offers: store.offers })) {
  if (outcome === "passed") passed++;
  if (outcome === "failed") failures.push(`${concern}: ${name}: ${error}`);
}
if (failures.length > 0 || passed === 0) throw new Error(failures.join("\n") || "No case was run.");
console.log(`on ${process.argv[2]}: ${passed} cases`);
