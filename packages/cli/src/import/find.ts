/** Finds the transcripts that paths name, and lists other files beside them. */
import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ArchiverError, type ErrorCode, failureOf, hasCode, throwIfAborted } from "@session-archiver/core";
import { toFileError } from "../fs-errors.js";
import { archiveNameOf } from "./archive-names.js";
import { isLaterPart, partsFinder } from "./later-parts.js";

/** How the file is packed. */
export type Form = "plain" | "gzip" | "zstd";

export interface FoundFile {
  /** The path below the folder that was named, without the ending: the session's id, unless there is a better one. */
  readonly pathId: string;
  /** The file's own name without the ending. */
  readonly name: string;
  readonly form: Form;
  /** As the person named it, or the path below the folder that was named. */
  readonly path: string;
  /** The path to open it by, and to recognise it later: absolute, without links. */
  readonly location: string;
  /** Size of the file in bytes. */
  readonly size: number;
  /** When it was last changed, unix ms. */
  readonly changedMs: number;
  /** If it is an archive of this library: the session that it was made of. */
  readonly archiveOf: string | undefined;
  /** The archive files that continue it, in order, if it is an archive in several parts. */
  readonly parts: readonly string[];
}

/** Something that is not taken in, and why. */
export interface LeftOut {
  readonly path: string;
  readonly reason:
    | "not a transcript"
    | "link"
    | "empty"
    | "not a file"
    | "store"
    | "sidecar of an archive"
    | "part of an archive";
}

/** A file that could not be taken in. `id` is `null` if the path leads to no session. */
export interface ImportFailure {
  readonly path: string;
  readonly id: string | null;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface Found {
  readonly files: readonly FoundFile[];
  readonly leftOut: readonly LeftOut[];
  /** Paths that were named, but lead to nothing that could be taken in. */
  readonly misnamed: readonly ImportFailure[];
  /** What lies below a folder but can't be looked at. */
  readonly unreadable: readonly ImportFailure[];
}

/** A folder with files. */
interface Folder extends Place {
  /** What the ids of its files begin with. */
  readonly prefix: string;
}

/** What a look at a file shows. */
type Looked = Pick<FoundFile, "size" | "changedMs" | "archiveOf" | "parts">;

const NONE: readonly string[] = [];

/** A file in a folder. A hundred thousand may be held: each holds its name, and shares what its neighbours have as well. */
class FileIn implements FoundFile {
  readonly #folder: Folder;
  readonly #name: string;
  readonly size: number;
  readonly changedMs: number;
  readonly archiveOf: string | undefined;
  readonly parts: readonly string[];

  constructor(folder: Folder, name: string, { size, changedMs, archiveOf, parts }: Looked) {
    this.#folder = folder;
    this.#name = name;
    this.size = size;
    this.changedMs = changedMs;
    this.archiveOf = archiveOf;
    this.parts = parts;
  }

  get name(): string {
    return this.#name.replace(ENDING, "");
  }
  get pathId(): string {
    return this.#folder.prefix + this.name;
  }
  get form(): Form {
    return formOf(this.#name) ?? "plain";
  }
  get path(): string {
    return join(this.#folder.path, this.#name);
  }
  get location(): string {
    return join(this.#folder.location, this.#name);
  }
}

export interface FindOptions {
  readonly cwd: string;
  /** Absolute paths of files and folders to leave out, with everything below them. */
  readonly except: readonly string[];
  readonly signal: AbortSignal;
}

const ENDING = /\.jsonl(\.gz|\.zst)?$/i;

/** The form by the name; `undefined` if no transcript has such a name. */
export function formOf(name: string): Form | undefined {
  const [ending, packed] = ENDING.exec(name) ?? [];
  if (ending === undefined) return undefined;
  if (packed === undefined) return "plain";
  return packed.toLowerCase() === ".gz" ? "gzip" : "zstd";
}

/** What a sink in the file system keeps beside its archives. */
const OF_A_SINK = [".staging", ".names", ".lock"];

interface Place {
  readonly path: string;
  readonly location: string;
}

/**
 * Files in the order of the paths, those of a folder by name. A path that is itself a link is followed. Links below a
 * folder are not, so that no file is found twice and the search ends.
 */
export async function findFiles(paths: readonly string[], options: FindOptions): Promise<Found> {
  const files: FoundFile[] = [];
  const leftOut: LeftOut[] = [];
  const misnamed: ImportFailure[] = [];
  const unreadable: ImportFailure[] = [];
  const except = new Set(await Promise.all(options.except.map(real)));
  /** Later parts of archives, each by its location. Those that no archive begins with are left out. */
  const later = new Map<string, string>();
  const laterParts = partsFinder();
  /** Number of transcripts, including empty and unreadable ones. */
  let seen = 0;

  async function addNamed(path: string): Promise<void> {
    const absolute = resolve(options.cwd, path);
    const stats = await stat(absolute);
    const place = { path, location: await real(absolute) };
    if (except.has(place.location)) throw wrong(`"${path}" is where the stores lie: name the folders in it.`);
    if (stats.isDirectory()) {
      const before = seen;
      await addFolder(place, place.location, "");
      if (seen > before) return;
      throw wrong(`There is no transcript in "${path}": no file called *.jsonl, *.jsonl.gz or *.jsonl.zst.`);
    }
    // The given name decides form and id, wherever a link leads.
    const form = formOf(absolute);
    if (!stats.isFile() || !form)
      throw wrong(`"${path}" is neither a folder nor a .jsonl, .jsonl.gz or .jsonl.zst file.`);
    const named = basename(absolute);
    const pathId = named.replace(ENDING, "");
    await addFile(place, place.location, named, form, (rest) => ({ pathId, name: pathId, form, ...place, ...rest }));
  }

  async function addFolder(place: Place, root: string, prefix: string): Promise<void> {
    throwIfAborted(options.signal);
    const folder: Folder = { ...place, prefix };
    const entries = await readdir(folder.location, { withFileTypes: true });
    const isSink = entries.some((entry) => entry.isDirectory() && entry.name === ".staging");
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (isSink && OF_A_SINK.includes(entry.name)) continue;
      const inFolder = { path: join(folder.path, entry.name), location: join(folder.location, entry.name) };
      try {
        await addEntry(entry, inFolder, root, folder);
      } catch (error) {
        seen++;
        unreadable.push(failure(inFolder.path, error));
      }
    }
  }

  async function addEntry(entry: Dirent, place: Place, root: string, folder: Folder): Promise<void> {
    const name = folder.prefix + entry.name;
    const leaveOut = (reason: LeftOut["reason"]): void => void leftOut.push({ path: place.path, reason });
    if (entry.isSymbolicLink()) return leaveOut("link");
    if (except.has(place.location)) return leaveOut("store");
    if (entry.isDirectory()) return await addFolder(place, root, `${name}/`);
    if (!entry.isFile()) return leaveOut("not a file");
    const form = formOf(name);
    if (form) return await addFile(place, root, name, form, (rest) => new FileIn(folder, entry.name, rest));
    const ours = await archiveNameOf(place.location, root);
    // They belong to archives, and hold no bytes of a session.
    if (ours?.kind === "manifest" || ours?.kind === "record") return;
    leaveOut(ours?.kind === "sidecar" ? "sidecar of an archive" : "not a transcript");
  }

  async function addFile(
    place: Place,
    root: string,
    name: string,
    form: Form,
    made: (rest: Looked) => FoundFile,
  ): Promise<void> {
    seen++;
    const { size, mtimeMs: changedMs } = await stat(place.location);
    // Its agent has yet to write the first line, which will show whose session it is.
    if (size === 0) return void leftOut.push({ path: place.path, reason: "empty" });
    const ours = form === "plain" ? undefined : await archiveNameOf(place.location, root);
    if (ours?.follows || isLaterPart(name)) return void later.set(place.location, place.path);
    const parts = form === "gzip" ? await laterParts(place.location, ours?.id) : NONE;
    files.push(made({ size, changedMs, archiveOf: ours?.id, parts }));
  }

  for (const path of paths) {
    try {
      await addNamed(path);
    } catch (error) {
      misnamed.push(failure(path, error));
    }
  }
  for (const part of files.flatMap(({ parts }) => parts)) later.delete(part);
  for (const path of later.values()) leftOut.push({ path, reason: "part of an archive" });
  return { files, leftOut, misnamed, unreadable };
}

function failure(path: string, error: unknown): ImportFailure {
  if (hasCode(error, "ABORTED")) throw error;
  const { code, message } = failureOf("", toFileError(error, `read "${path}"`));
  return { path, id: null, code, message };
}

function wrong(message: string): ArchiverError {
  return new ArchiverError("INVALID_ARGUMENT", message);
}

async function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
