/** Finds the session files that paths name, and gives each its id. */
import type { Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ArchiverError, type ErrorCode, failureOf, hasCode, throwIfAborted } from "@session-archiver/core";
import { toFileError } from "../fs-errors.js";

const ENDING = ".jsonl";

export interface FoundFile {
  readonly id: string;
  /** As the person named it, or below the folder that was named. */
  readonly path: string;
  /** To open it by. */
  readonly absolute: string;
  readonly size: number;
}

/** What could not be taken in. `id` is `null` where the path leads to none. */
export interface ImportFailure {
  readonly path: string;
  readonly id: string | null;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface Found {
  readonly files: readonly FoundFile[];
  readonly failures: readonly ImportFailure[];
}

export interface FindOptions {
  readonly cwd: string;
  /** Absolute paths of files and folders that are left out, with all below them. */
  readonly except: readonly string[];
  readonly signal: AbortSignal;
}

/** Files in the order of the paths, those of a folder by name. Links to folders below a folder are not followed. */
export async function findFiles(paths: readonly string[], options: FindOptions): Promise<Found> {
  const files: FoundFile[] = [];
  const failures: ImportFailure[] = [];
  const except = new Set(await Promise.all(options.except.map(real)));
  const fail = (path: string, error: unknown): void => {
    if (hasCode(error, "ABORTED")) throw error;
    const { code, message } = failureOf("", toFileError(error, `read "${path}"`));
    failures.push({ path, id: null, code, message });
  };

  async function addFolder(path: string, absolute: string, prefix: string): Promise<void> {
    throwIfAborted(options.signal);
    const entries = await readdir(absolute, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const below = { path: join(path, entry.name), absolute: join(absolute, entry.name) };
      try {
        if (entry.isDirectory() && !except.has(await real(below.absolute))) {
          await addFolder(below.path, below.absolute, `${prefix}${entry.name}/`);
        } else if (!entry.isDirectory() && entry.name.endsWith(ENDING)) {
          const stats = await stat(below.absolute);
          if (stats.isFile()) addFile(below.path, below.absolute, `${prefix}${entry.name}`, stats);
        }
      } catch (error) {
        fail(below.path, error);
      }
    }
  }
  function addFile(path: string, absolute: string, name: string, stats: Stats): void {
    files.push({ id: name.slice(0, -ENDING.length), path, absolute, size: stats.size });
  }

  for (const path of paths) {
    const absolute = resolve(options.cwd, path);
    try {
      const stats = await stat(absolute);
      if (except.has(await real(absolute))) {
        throw new ArchiverError("INVALID_ARGUMENT", `"${path}" is where the stores lie: name the folders in it.`);
      }
      if (stats.isDirectory()) await addFolder(path, absolute, "");
      else if (stats.isFile() && absolute.endsWith(ENDING)) addFile(path, absolute, basename(absolute), stats);
      else if (stats.isFile() && /\.jsonl\.(?:gz|zst)$/i.test(absolute)) throw compressed(path);
      else throw new ArchiverError("INVALID_ARGUMENT", `"${path}" is neither a folder nor a ${ENDING} file.`);
    } catch (error) {
      fail(path, error);
    }
  }
  return { files, failures };
}

function compressed(path: string): ArchiverError {
  const message = `"${path}" is compressed: unpack it, with gunzip or zstd -d, and import the ${ENDING} file.`;
  return new ArchiverError("INVALID_ARGUMENT", message);
}

async function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
