/** Writes a file's bytes into a session: all of a new one, of another those that it does not hold yet. */
import { stat } from "node:fs/promises";
import {
  ArchiverError,
  type Bytes,
  codeOf,
  hasCode,
  type Meta,
  OUTPUT,
  type Recorder,
  type StoredObject,
  throwIfAborted,
} from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import type { FoundFile } from "./find.js";
import type { LineScan } from "./line-scan.js";
import { firstMeta, IMPORT_KEY } from "./record.js";
import type { Source } from "./source.js";

export type Written = "imported" | "appended";

/** One try to import a file. */
export interface Job {
  readonly context: CommandContext;
  readonly file: FoundFile;
  readonly source: Source;
  readonly scan: LineScan;
  /** Bytes of the file that are done with. */
  onBytes(done: number): void;
  /** Some bytes are in the session now. */
  onWritten(how: Written): void;
}

/** Makes the session. `false` if somebody else has made it, or its bytes, meanwhile. */
export async function createSession(job: Job, existing: StoredObject | undefined): Promise<boolean> {
  const { file, context } = job;
  const { objects, blobs } = context.stores;
  const op = { signal: context.signal };
  const key = { id: file.id, name: OUTPUT };
  let version: string | undefined;
  try {
    if (!existing) version = await objects.put(file.id, firstMeta(file), null, op);
  } catch (error) {
    if (hasCode(error, "CONFLICT")) return false;
    throw error;
  }
  try {
    await blobs.create(key, `import-${crypto.randomUUID()}`, scanned(job, 0), op);
  } catch (error) {
    const isThere = hasCode(error, "CONFLICT") && (await blobs.stat(key, op)) !== undefined;
    if (isThere) return false;
    // No empty session is to be left, unless the bytes may be there after all: then the next import goes on from it.
    const isUnclear = codeOf(error) === undefined || hasCode(error, "UNAVAILABLE");
    if (version !== undefined && !isUnclear) await objects.delete(file.id, version).catch(() => {});
    throw error;
  }
  job.onWritten("imported");
  job.scan.end();
  return true;
}

/** Appends what the session lacks. `false` if somebody else appends, or the file has grown beyond what could be compared. */
export async function extendSession(job: Job, meta: Meta): Promise<boolean> {
  const { context, file, source, scan } = job;
  let held: number;
  try {
    held = await compare(job, meta);
  } catch (error) {
    if (hasCode(error, "CONFLICT") && (await isChanged(job))) return false;
    throw error;
  }
  if (held < source.size) {
    const recorder = context.archiver.recorder(file.id, { at: held });
    try {
      for await (const chunk of scanned(job, held)) {
        if (!(await isAppended(recorder, chunk))) break;
        held += chunk.length;
        job.onWritten("appended");
      }
    } catch (error) {
      await recorder.close().catch(() => {});
      throw error;
    }
    await recorder.close();
  }
  scan.end();
  return held === source.size;
}

/** `false` if the session does not end any more where these bytes begin. */
async function isAppended(recorder: Recorder, chunk: Uint8Array): Promise<boolean> {
  try {
    await recorder.append(chunk);
    return true;
  } catch (error) {
    if (hasCode(error, "CONFLICT")) return false;
    throw error;
  }
}

/** Whether the file is not any more what it was when it was opened. */
async function isChanged({ file, source }: Job): Promise<boolean> {
  const now = await stat(file.absolute).catch(() => undefined);
  return now !== undefined && (now.size !== source.size || now.mtimeMs !== source.mtimeMs);
}

/** How many bytes the session holds: the first ones of the file, or else it is a `CONFLICT`. */
async function compare({ context, file, source, scan, onBytes }: Job, meta: Meta): Promise<number> {
  let held = 0;
  for await (const chunk of context.archiver.read(file.id, { signal: context.signal })) {
    if (held + chunk.length > source.size) throw conflict(file, meta, "is shorter than what the session holds");
    const bytes = await source.readExactly(held, chunk.length);
    if (Buffer.compare(bytes, chunk) !== 0) throw conflict(file, meta, "holds other bytes");
    scan.add(bytes);
    held += chunk.length;
    onBytes(held);
  }
  return held;
}

/** The file's bytes from `start` on, on their way into the store. */
async function* scanned({ context, source, scan, onBytes }: Job, start: number): Bytes {
  let done = start;
  for await (const chunk of source.read(start)) {
    throwIfAborted(context.signal);
    scan.add(chunk);
    done += chunk.length;
    onBytes(done);
    yield chunk;
  }
}

function conflict({ id, path }: FoundFile, meta: Meta, how: string): ArchiverError {
  const from = meta[IMPORT_KEY.source];
  const origin = typeof from === "string" ? `was imported from "${from}"` : "was not made by an import";
  const message = `There is a session "${id}" already, which ${origin}; "${path}" ${how}. Nothing was changed.`;
  return new ArchiverError("CONFLICT", message, { id });
}
