/** Every operation of the archiver stopped at its port calls, on real files; the store is opened anew after each. */
import { conformance, crashCasesWith, type Subject } from "@session-archiver/conformance";
import { describe, test } from "vitest";
import { type FsStore, openFs } from "../src/index.js";
import { temporary } from "./support/temporary.js";

async function setup(): Promise<Subject> {
  const directory = await temporary();
  const opened: FsStore[] = [];
  const open = (): FsStore => {
    const store = openFs(directory.path);
    opened.push(store);
    return store;
  };
  return {
    ...open(),
    reopen: async () => open(),
    close: async () => {
      await Promise.all(opened.map((store) => store.close()));
      await directory[Symbol.asyncDispose]();
    },
  };
}

// With an fsync for each write: every fifth step, and two pairs.
const cases = crashCasesWith({ every: 5, pairs: 2 });

conformance({ describe, test }, "adapter-fs", setup, { offers: ["objects", "blobs", "archives", "reopen"], cases });
