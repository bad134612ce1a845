/** What one of our processes works with: the disk, with a step before each call, and calls that fail. */
import type { ClaimContext, FileLook, Files } from "@session-archiver/agent-folders";
import { ArchiverError } from "@session-archiver/core";
import type { ForeignWorld } from "./world.js";

/** What can go wrong with a call of ours. */
export type CallFault = "unavailable" | "unclear" | undefined;

export interface OurProcess {
  readonly id: number;
  step(call?: string): Promise<void>;
  fault(): CallFault;
}

/** The context of one of our processes. A call that fails may have been done. */
export function contextOf(world: ForeignWorld, { id, step, fault }: OurProcess): ClaimContext {
  const files = world.disk.files({ id, step, chunk: 24 });
  const checked = async <T>(call: () => Promise<T>): Promise<T> => {
    const kind = fault();
    if (kind === "unavailable") throw unavailable();
    const result = await call();
    if (kind === "unclear") throw unavailable();
    return result;
  };
  const failing: Files = {
    look: (path) => checked(() => files.look(path)),
    open: (path) => files.open(path),
    list: (folder) => checked(() => files.list(folder)),
    makeFolder: (path, mode) => checked(() => files.makeFolder(path, mode)),
    rename: (from, to) => checked(() => files.rename(from, to)),
    link: (from, to) => checked(() => files.link(from, to)),
    unlink: (path) => checked(() => files.unlink(path)),
    removeFolder: (path) => checked(() => files.removeFolder(path)),
    write: (path, body, file) => checked(() => files.write(path, body, file)),
    sync: (folder) => checked(() => files.sync(folder)),
  };
  return {
    files: failing,
    check: {
      async writers(file: FileLook) {
        await step("writers");
        if (!world.shows) return "unknown";
        const openBy = world.disk.inode(file.identity)?.openBy ?? [];
        return openBy.every((process) => process === id) ? "nobody" : "somebody";
      },
    },
    now: () => world.now(),
    randomId: world.newId,
  };
}

function unavailable(): ArchiverError {
  return new ArchiverError("UNAVAILABLE", "The disk does not answer.");
}
