/** Files that are being written: whole and durable before anyone can see them under their name. */
import { randomUUID } from "node:crypto";
import { opendir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Bytes, type ErrorContext, type OpOptions, throwIfAborted } from "@session-archiver/core/adapter";
import { guarded } from "./errors.js";
import { createFile, lstatOf, writeAt } from "./files.js";
import type { Path } from "./layout.js";
import type { Tree } from "./tree.js";

interface StagedFile {
  readonly path: string;
  readonly size: number;
  /** Unix ms; also the file's modification time. */
  readonly writtenAt: number;
}

export interface Staging {
  /**
   * Writes `body` to a file of its own, hands it to `publish` and clears away what that leaves. Errors of the body are
   * passed on as they are.
   */
  write<T>(body: Bytes, what: Written, publish: (file: StagedFile) => Promise<T>): Promise<T>;
}

interface Written {
  /** As in `write archive "a"`. */
  readonly doing: string;
  readonly context: ErrorContext;
  readonly op?: OpOptions | undefined;
}

/** Every store that was written to has this directory. */
export const STAGING: Path = [".staging"];
const NAME = /^(\d{1,9})-[0-9a-f-]{36}\.tmp$/;
const DAY_MS = 24 * 60 * 60 * 1000;

export function openStaging(tree: Tree): Staging {
  let cleaned: Promise<void> | undefined;
  return {
    async write(body, what, publish) {
      const directory = await guarded(what.doing, what.context, () => tree.ensure(STAGING));
      cleaned ??= removeStale(directory).catch(() => undefined); // it hinders nobody, and the next process tries again
      await cleaned;
      const path = join(directory, `${process.pid}-${randomUUID()}.tmp`);
      try {
        return await publish(await writeFile(path, body, what));
      } finally {
        await rm(path, { force: true }).catch(() => undefined); // the result counts, not what is left for removeStale
      }
    },
  };
}

async function writeFile(path: string, body: Bytes, { doing, context, op }: Written): Promise<StagedFile> {
  const step = <T>(run: () => Promise<T>): Promise<T> => guarded(doing, context, run);
  const handle = await step(() => createFile(path));
  try {
    let size = 0;
    for await (const chunk of body) {
      throwIfAborted(op?.signal, context);
      await step(() => writeAt(handle, chunk, size));
      size += chunk.length;
    }
    throwIfAborted(op?.signal, context);
    const writtenAt = Date.now();
    await step(() => handle.utimes(writtenAt / 1000, writtenAt / 1000));
    await step(() => handle.sync());
    return { path, size, writtenAt };
  } finally {
    await handle.close();
  }
}

/** Clears away what crashed processes left: not written to for a day, by a process that no longer runs. */
async function removeStale(directory: string): Promise<void> {
  for await (const { name } of await opendir(directory)) {
    const pid = NAME.exec(name)?.[1];
    const path = join(directory, name);
    const stats = pid === undefined ? undefined : lstatOf(path);
    if (!stats || Date.now() - stats.mtimeMs < DAY_MS || mayBeWriting(Number(pid), stats.mtimeMs)) continue;
    await rm(path, { force: true });
  }
}

function mayBeWriting(pid: number, writtenAt: number): boolean {
  // In a container this process may well have the number of the one that crashed.
  if (pid === process.pid) return writtenAt >= Date.now() - process.uptime() * 1000;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
