/** A store in a directory of its own, as the conformance suite and the crash matrix take it. */
import type { Subject } from "@session-archiver/conformance";
import { type FsStore, openFs } from "../../src/index.js";
import { temporary } from "./temporary.js";

export async function setup(): Promise<Subject> {
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
    peer: async () => open(),
    close: async () => {
      await Promise.all(opened.map((store) => store.close()));
      await directory[Symbol.asyncDispose]();
    },
  };
}
