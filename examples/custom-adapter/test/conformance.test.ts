import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { conformance } from "@session-archiver/conformance";
import { describe, test } from "vitest";
import { type LevelStore, openLevel } from "../src/level.js";

conformance({ describe, test }, "LevelDB", async () => {
  const directory = mkdtempSync(join(tmpdir(), "session-archiver-level-"));
  let store = await openLevel(directory);
  const ports = ({ objects, blobs, archives }: LevelStore) => ({ objects, blobs, archives });
  return {
    ...ports(store),
    // No other instance can open LevelDB until it is closed.
    reopen: async () => {
      await store.close();
      store = await openLevel(directory);
      return ports(store);
    },
    close: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
});
