/** A store in a directory of its own, as the conformance suite and the crash matrix take it. */
import { stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { FEATURES, type Feature, type Subject } from "@session-archiver/conformance";
import { type FsStore, openFs } from "../../src/index.js";
import { recordPath, sessionPath } from "../../src/layout.js";
import { temporary } from "./temporary.js";

/** All but an index, and claims. */
export const OFFERS: readonly Feature[] = FEATURES.filter((feature) => feature !== "listNewest" && feature !== "claim");

export async function setup(): Promise<Subject> {
  const directory = await temporary();
  const opened: FsStore[] = [];
  const open = (): FsStore => {
    const store = openFs(directory.path, { onSkipped: () => {} }); // the suite damages files itself
    opened.push(store);
    return store;
  };
  return {
    ...open(),
    reopen: async () => open(),
    peer: async () => open(),
    damage: async (id) => {
      const file = join(directory.path, "store", ...recordPath(sessionPath(id)));
      await truncate(file, (await stat(file)).size - 2);
    },
    close: async () => {
      await Promise.all(opened.map((store) => store.close()));
      await directory[Symbol.asyncDispose]();
    },
  };
}
