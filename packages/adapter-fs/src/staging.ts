/** Files that are being written: complete and durable before they get the name under which others see them. */
import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, futimesSync } from "node:fs";
import { opendir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bytes } from "@session-archiver/core/adapter";
import { syncAll, writeAt } from "./file-bytes.js";
import { createFile, lstatOf } from "./files.js";
import type { Path } from "./layout.js";
import type { Tree } from "./tree.js";

interface StagedFile {
  readonly path: string;
  readonly size: number;
  /** Unix ms; also the file's modification time. */
  readonly writtenAt: number;
}

export interface Staging {
  /** Writes `body` to a new file, gives it to `publish`, and removes it unless `publish` has moved it away. */
  write<T>(body: Bytes, publish: (file: StagedFile) => Promise<T>): Promise<T>;
  /** Removes all files whose process no longer runs, however new they are. Resolves to how many others there are. */
  clear(): Promise<number>;
}

/** Every store that was written to has this directory. */
export const STAGING: Path = [".staging"];
const NAME = /^(\d{1,9})-[0-9a-f-]{36}\.tmp$/;
const DAY_MS = 24 * 60 * 60 * 1000;

const nothing = (): void => undefined;

export function openStaging(tree: Tree): Staging {
  let cleaned: Promise<void> | undefined;
  return {
    async write(body, publish) {
      const directory = await tree.ensure(STAGING);
      cleaned ??= removeStale(directory).then(nothing, nothing); // stale files do no harm, and the next process tries again
      await cleaned;
      const path = join(directory, `${process.pid}-${randomUUID()}.tmp`);
      try {
        return await publish(await writeFile(path, body));
      } finally {
        // The write's result counts; removeStale finds the file.
        if (lstatOf(path)) await rm(path, { force: true }).catch(() => undefined);
      }
    },
    async clear() {
      const directory = await tree.find(STAGING);
      return directory === undefined ? 0 : removeStale(directory, 0);
    },
  };
}

async function writeFile(path: string, body: Bytes): Promise<StagedFile> {
  const descriptor = createFile(path);
  try {
    let size = 0;
    for await (const chunk of body) {
      await writeAt(descriptor, chunk, size);
      size += chunk.length;
    }
    const now = Date.now() / 1000;
    futimesSync(descriptor, now, now);
    await syncAll(descriptor);
    // As it is kept: file systems have coarser times, and Deno loses a millisecond of every other one.
    const writtenAt = Math.round(fstatSync(descriptor).mtimeMs);
    return { path, size, writtenAt };
  } finally {
    closeSync(descriptor);
  }
}

/** Removes what crashed processes left. Resolves to how many of our files stay. */
async function removeStale(directory: string, minAgeMs: number = DAY_MS): Promise<number> {
  let staying = 0;
  for await (const file of filesIn(directory, minAgeMs)) {
    if (file.isLeft) await rm(file.path, { force: true });
    else staying++;
  }
  return staying;
}

/** Our files; left: not written to for a while, by a process that no longer runs. */
async function* filesIn(directory: string, minAgeMs: number): AsyncGenerator<LeftFile & { readonly isLeft: boolean }> {
  for await (const { name } of await opendir(directory)) {
    const pid = NAME.exec(name)?.[1];
    const path = join(directory, name);
    const stats = pid === undefined ? undefined : lstatOf(path);
    if (!stats) continue;
    const isOld = Date.now() - stats.mtimeMs >= minAgeMs;
    yield { path, bytes: stats.size, isLeft: isOld && !mayBeWriting(Number(pid), stats.mtimeMs) };
  }
}

/** A file that was being written when its process died. It never got a name, so nothing refers to it. */
export interface LeftFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * The files that the next write to this directory of sessions or archives will remove: staged by processes that have died,
 * and not written to for a day. Changes nothing.
 */
export async function* leftFiles(directory: string): AsyncGenerator<LeftFile> {
  const staging = join(directory, ...STAGING);
  if (!lstatOf(staging)?.isDirectory()) return;
  for await (const { isLeft, ...file } of filesIn(staging, DAY_MS)) if (isLeft) yield file;
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
