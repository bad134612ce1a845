/**
 * Takes one file in. Whatever stops it half-way, the session is readable and a prefix of the file, and the next import
 * goes on from there: the object comes first, then the bytes, then the record that they are complete.
 */
import {
  ArchiverError,
  type Bytes,
  codeOf,
  hasCode,
  type Meta,
  OUTPUT,
  type StoredObject,
  stateOf,
  throwIfAborted,
} from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import type { FoundFile } from "./find.js";
import { type LineScan, scanLines } from "./line-scan.js";
import { firstMeta, IMPORT_KEY, isTakenIn, recordImport } from "./record.js";
import { openSource, type Source } from "./source.js";

export type ImportOutcome = "imported" | "appended" | "skipped" | "pruned";

const DAY_MS = 24 * 60 * 60 * 1000;

/** One import under way. */
interface Job {
  readonly context: CommandContext;
  readonly file: FoundFile;
  readonly source: Source;
  readonly scan: LineScan;
  /** Bytes of the file that are done with. */
  onBytes(done: number): void;
}

/**
 * `CONFLICT` if there is a session of this id that the file does not go on from, or the file changes while it is read;
 * `INVALID_ARGUMENT` for an impossible id; otherwise what the file system and the stores say.
 */
export async function importFile(
  context: CommandContext,
  file: FoundFile,
  onBytes: (done: number) => void,
): Promise<ImportOutcome> {
  const { objects, blobs } = context.stores;
  const op = { signal: context.signal };
  const object = await objects.get(file.id, op);
  await using source = await openSource(file.absolute);
  if (object && isTakenIn(object.meta, file, source)) return "skipped";
  const state = object && stateOf(object.meta);
  if (state === "pruned") return "pruned";

  const scan = scanLines(Math.max(context.now(), source.mtimeMs) + DAY_MS);
  const job: Job = { context, file, source, scan, onBytes };
  const hasBytes = object && (state !== "live" || (await blobs.stat({ id: file.id, name: OUTPUT }, op)) !== undefined);
  const outcome = hasBytes ? await extendSession(job, object.meta) : await createSession(job, object);
  await recordImport(objects, file, source, scan, { now: context.now(), appended: outcome !== "skipped" });
  return outcome;
}

async function createSession(job: Job, existing: StoredObject | undefined): Promise<"imported"> {
  const { file, context } = job;
  const { objects, blobs } = context.stores;
  const op = { signal: context.signal };
  const version = existing ? undefined : await objects.put(file.id, firstMeta(file), null, op);
  try {
    const generation = `import-${crypto.randomUUID()}`;
    await blobs.create({ id: file.id, name: OUTPUT }, generation, scanned(job, 0), op);
  } catch (error) {
    // No empty session is to be left, unless the bytes may be there after all: then the next import goes on from it.
    const isUnclear = codeOf(error) === undefined || hasCode(error, "UNAVAILABLE");
    if (version !== undefined && !isUnclear) {
      await objects.delete(file.id, version).catch(() => {});
    }
    throw error;
  }
  job.scan.end();
  return "imported";
}

async function extendSession(job: Job, meta: Meta): Promise<"appended" | "skipped"> {
  const { context, file, source, scan } = job;
  const held = await compare(job, meta);
  if (held < source.size) {
    const recorder = context.archiver.recorder(file.id);
    try {
      for await (const chunk of scanned(job, held)) await recorder.append(chunk);
    } catch (error) {
      await recorder.close().catch(() => {});
      throw error;
    }
    await recorder.close();
  }
  scan.end();
  return held < source.size ? "appended" : "skipped";
}

/** How many bytes the session holds: the first ones of the file, or else it is a `CONFLICT`. */
async function compare(job: Job, meta: Meta): Promise<number> {
  const { context, file, source, scan, onBytes } = job;
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
