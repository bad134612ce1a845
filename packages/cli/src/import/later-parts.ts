/** Finds the archive files that continue another one: an archived output may lie in several. */
import { open, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { combineCrc32 } from "@session-archiver/core/format";
import { archiveNameOf } from "./archive-names.js";

/** Where an archive file ends in its file: raw bytes and their CRC-32. */
interface End {
  readonly rawBytes: number;
  readonly crc32: number;
}

interface Part {
  readonly location: string;
  readonly follows: End;
  /** Its own raw bytes and CRC-32, by its trailer. */
  readonly own: End;
}

const TRAILER_BYTES = 8;
/** A trailer has the size modulo this. */
const SIZES = 2 ** 32;
/** Stands for a name that is too long for a file. */
const SHORTENED = /~[0-9a-f]{64}\./;
/** Where the part of a name ends that all archives of a session share. */
const TIME = /\.\d{8}t\d{9}z[.-][0-9a-f]{16}\.[^/]*$/;
const FOLLOWS = /\.\d{8}t\d{9}z\.[0-9a-f]{16}\.follows-(\d+)-(\d+)\.jsonl\.gz$/;

/** Whether its name says that the file continues another, in whatever folder it lies now. */
export function isLaterPart(name: string): boolean {
  return FOLLOWS.test(name);
}

/** What continues the file `location`. `id`: the session of whose archives it is, as far as its name and folders say so. */
export type LaterParts = (location: string, id: string | undefined) => Promise<readonly string[]>;

/** A file that may continue another. */
type Candidate = Omit<Part, "own">;

/** The candidates in one folder. */
interface Folder {
  /** By what the names of a session begin with. */
  readonly named: ReadonlyMap<string, readonly Candidate[]>;
  /** By the session's id: names that are too long are not in the file's. */
  readonly shortened: ReadonlyMap<string, readonly Candidate[]>;
}

/**
 * Gives the files beside an archive file that continue it, in order. Of several that do, those that lead the farthest: a
 * merged part may lie beside those that it was made of. Each folder is looked into once, as a sink has thousands of files
 * in one.
 */
export function partsFinder(): LaterParts {
  const folders = new Map<string, Promise<Folder>>();
  return async (location, id) => {
    if (id === undefined && !TIME.test(location)) return [];
    const path = dirname(location);
    const looking = folders.get(path) ?? folderAt(path);
    folders.set(path, looking);
    const { named, shortened } = await looking;
    const parts: Part[] = [];
    for (const part of [...(named.get(beginningOf(location)) ?? []), ...(shortened.get(id ?? "") ?? [])]) {
      const own = await endOf(part.location);
      if (own) parts.push({ ...part, own });
    }
    const start = parts.length > 0 ? await endOf(location) : undefined;
    return start ? farthest(parts, start).map((part) => part.location) : [];
  };
}

async function folderAt(path: string): Promise<Folder> {
  const named = new Map<string, Candidate[]>();
  const shortened = new Map<string, Candidate[]>();
  for (const name of await readdir(path)) {
    const location = join(path, name);
    const [, bytes, crc] = FOLLOWS.exec(name) ?? [];
    if (bytes !== undefined) {
      add(named, beginningOf(name), { location, follows: { rawBytes: Number(bytes), crc32: Number(crc) } });
    }
    const told = SHORTENED.test(name) ? await archiveNameOf(location, path) : undefined;
    if (told?.follows) add(shortened, told.id, { location, follows: told.follows });
  }
  return { named, shortened };
}

function add(to: Map<string, Candidate[]>, key: string, candidate: Candidate): void {
  to.set(key, [...(to.get(key) ?? []), candidate]);
}

function beginningOf(location: string): string {
  return basename(location).replace(TIME, ".");
}

/** `known`: what was found from an end before, so that each is looked at once. */
function farthest(parts: readonly Part[], from: End, known = new Map<string, readonly Part[]>()): readonly Part[] {
  const name = `${from.rawBytes} ${from.crc32}`;
  let best = known.get(name);
  if (best) return best;
  best = [];
  known.set(name, best); // an empty part follows itself
  for (const part of parts.filter(({ follows }) => isSame(follows, from))) {
    for (const rawBytes of sizesOf(part, parts)) {
      const own = { ...part.own, rawBytes };
      const end = { rawBytes: part.follows.rawBytes + rawBytes, crc32: combineCrc32(from.crc32, own.crc32, rawBytes) };
      const chain = [{ ...part, own }, ...farthest(parts, end, known)];
      if (lengthOf(chain) > lengthOf(best)) best = chain;
    }
  }
  known.set(name, best);
  return best;
}

/** By its trailer; of 4 GiB and more, by where others go on. */
function sizesOf({ follows, own }: Part, parts: readonly Part[]): ReadonlySet<number> {
  const others = parts.map((other) => other.follows.rawBytes - follows.rawBytes);
  return new Set([own.rawBytes, ...others.filter((size) => size > 0 && size % SIZES === own.rawBytes)]);
}

function lengthOf(chain: readonly Part[]): number {
  return chain.reduce((sum, { own }) => sum + own.rawBytes, 0);
}

function isSame(follows: End, end: End): boolean {
  return follows.crc32 === end.crc32 && follows.rawBytes % SIZES === end.rawBytes % SIZES;
}

/** By the file's last bytes; `undefined` if it is too short for them. */
async function endOf(location: string): Promise<End | undefined> {
  const file = await open(location, "r");
  try {
    const { size } = await file.stat();
    if (size < TRAILER_BYTES) return undefined;
    const trailer = Buffer.alloc(TRAILER_BYTES);
    await file.read(trailer, 0, TRAILER_BYTES, size - TRAILER_BYTES);
    return { crc32: trailer.readUInt32LE(0), rawBytes: trailer.readUInt32LE(4) };
  } finally {
    await file.close();
  }
}
