/** Takes one file in: as a new session, or as what follows on a session that is there. */
import { ArchiverError, type Bytes, isTime, KEY, type Meta, stateOf, throwIfAborted } from "@session-archiver/core";
import { type App, updateMeta } from "../app.ts";
import { APP_KEY, baseName, IMPORT_KEY, isMarked, positiveAt, textAt, titleOf, withKeys } from "../meta.ts";
import { removeFor } from "../remove.ts";
import { scanTranscript, type TranscriptScan } from "../scan.ts";
import { type Fallback, noteContents, takeIn } from "../take-in.ts";
import { compare } from "./compare.ts";
import type { Source } from "./source.ts";

export type ImportOutcome = "imported" | "unchanged" | "appended";

/** One import under way. */
interface Job {
  readonly app: App;
  readonly source: Source;
  readonly fallback: Fallback;
  readonly signal: AbortSignal;
  onRead(fileBytes: number): void;
}

/**
 * `CONFLICT` if the file doesn't go on from the session that has its id, or somebody writes to that; `PRUNED` if there is
 * only a tombstone; `CORRUPT` for broken gzip data. Of a new session nothing is kept then.
 */
export function importFile(
  app: App,
  source: Source,
  signal: AbortSignal,
  onRead: (fileBytes: number) => void,
): Promise<ImportOutcome> {
  const { id, file } = source;
  const now = app.now();
  // Unpacking programs leave files of 1970 and 1980: nothing was written then.
  const lastActivityMs = isTime(file.lastModified) ? Math.min(file.lastModified, now) : now;
  const fallback = { title: baseName(id), lastActivityMs };
  const job: Job = { app, source, fallback, signal, onRead };
  return app.locks.hold(id, async () => {
    throwIfAborted(signal, { id });
    const object = await app.stores.objects.get(id, { signal });
    if (!object) return create(job);
    // Nobody else is at it: whoever was making or deleting it is gone.
    const isMarkedSo = [APP_KEY.removing, APP_KEY.making].some((key) => isMarked(object.meta, key));
    if (isMarkedSo || positiveAt(object.meta, KEY.removingAt) !== undefined) {
      await removeFor(app, id);
      return create(job);
    }
    return extend(job, object.meta);
  });
}

function scanFor({ app, source }: Job): TranscriptScan {
  return scanTranscript(Math.max(app.now(), source.file.lastModified));
}

function importKeys({ path, file }: Source): Meta {
  return {
    [IMPORT_KEY.source]: path,
    [IMPORT_KEY.size]: file.size,
    [IMPORT_KEY.mtime]: file.lastModified,
  };
}

async function create(job: Job): Promise<"imported"> {
  const { app, source, fallback, signal, onRead } = job;
  const scan = scanFor(job);
  const { id } = source;
  await takeIn(app, { id, meta: importKeys(source), bytes: source.read(onRead), scan, fallback }, signal);
  return "imported";
}

/** Reads the file to its end before a byte is kept: one that breaks off half-way must leave no trace. */
async function extend(job: Job, meta: Meta): Promise<"unchanged" | "appended"> {
  const { app, source, fallback, signal, onRead } = job;
  const { id, path } = source;
  if (stateOf(meta) === "pruned") {
    const message = `The session "${titleOf(id, meta)}" was pruned. Undo that or delete it, then import "${path}" again.`;
    throw new ArchiverError("PRUNED", message, { id });
  }
  const scan = scanFor(job);
  const { heldBytes, differs } = await compare(app.archiver.read(id, { signal }), source.read(onRead), scan);
  if (differs) throw conflict(source, meta, differs);
  if (heldBytes === scan.bytes) return "unchanged";
  await updateMeta(app, id, (current) => withKeys(current, { [APP_KEY.writing]: true }));
  const recorder = app.archiver.recorder(id);
  try {
    for await (const chunk of after(
      source.read(() => {}),
      heldBytes,
    )) {
      throwIfAborted(signal, { id });
      await recorder.append(chunk);
    }
  } finally {
    await recorder.close();
  }
  await updateMeta(app, id, (current) => withKeys(current, importKeys(source)));
  await noteContents(app, id, scan, fallback);
  return "appended";
}

function conflict({ id, path }: Source, meta: Meta, how: "shorter" | "other"): ArchiverError {
  const origin = textAt(meta, IMPORT_KEY.source) === undefined ? "" : ", imported earlier";
  const what =
    how === "shorter"
      ? `holds all of "${path}" and more: it has gone on since`
      : `holds other bytes than "${path}": rename the file to import it beside that session`;
  const message = `There is a session "${titleOf(id, meta)}" of this name already${origin}. It ${what}. Nothing was changed.`;
  return new ArchiverError("CONFLICT", message, { id });
}

async function* after(bytes: Bytes, skipped: number): Bytes {
  let left = skipped;
  for await (const chunk of bytes) {
    const rest = chunk.subarray(Math.min(left, chunk.length));
    left -= chunk.length - rest.length;
    if (rest.length > 0) yield rest;
  }
}
